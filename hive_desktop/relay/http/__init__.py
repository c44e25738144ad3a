"""What every request passes: ids, limits, headers, the real address, the shape of errors."""
