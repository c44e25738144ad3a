"""The Chat page: sessions, the transcript, the composer."""
