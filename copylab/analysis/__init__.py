"""Reading results: sources, moments, comparisons, verdict, report."""
