"""The page of what left this computer."""
