"""What happens to an item between the spider and the archive, one component a file."""
