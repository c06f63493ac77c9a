"""tearsheet: an editorial calendar and an AI image gallery, as a pure domain library."""
