"""The vault on disk: SQLCipher under SQLAlchemy Core, key slots, one writer and two readers."""
