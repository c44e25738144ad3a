"""What the relay remembers: people, devices, items, links under way, news, and an audit log."""
