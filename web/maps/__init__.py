"""Maps of the United States as SVG: outlines from TopoJSON files, projected and simplified to short paths."""
