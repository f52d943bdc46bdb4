"""The member pages in a browser: measurements and screenshots."""
