"""Charts as data, and their drawing as accessible SVG; the same for a calculator's page and for the site."""
