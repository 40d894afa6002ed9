"""The live service: what comes in is kept, judged, told and answered, for as long as it runs."""
