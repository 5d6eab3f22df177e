"""What one does with branches: fork, compare, sync, merge, revert. A verb a file."""
