"""Pictures as bytes: what a file is, whether it is safe and whole, its small form and its likeness to others."""
