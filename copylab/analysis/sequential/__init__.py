"""Looking early: planned looks by alpha spending, and looking whenever one likes."""
