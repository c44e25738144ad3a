"""What the local API can be asked, a file for each noun."""
