"""What reaches desktops by itself: webhooks in, web-sockets out, between all relays."""
