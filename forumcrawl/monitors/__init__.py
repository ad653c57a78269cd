"""What is wrong with crawls, and telling somebody."""
