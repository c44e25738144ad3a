"""What the desktop around the program offers: a place for a private socket, and start at login."""
