"""What leaves: SMS, push and email, built and measured."""
