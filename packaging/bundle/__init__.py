"""Makes the packages of Hive: the program, its pictures and papers, and what systems install."""
