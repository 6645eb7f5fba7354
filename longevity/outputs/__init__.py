"""Files that leave: pictures, documents, slides, bundles and their signatures."""
