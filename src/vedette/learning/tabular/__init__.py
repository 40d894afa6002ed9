"""Flow tables of research: sets that no source makes, on which a method is compared with what others publish."""
