"""Files people take away: pictures, documents, slides, press bundles, and their signatures."""
