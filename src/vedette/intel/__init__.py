"""What is known of threats: ATT&CK, indicators, feeds."""
