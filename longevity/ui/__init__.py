"""What Streamlit shows: the guard before a page, filters, components. The only use of Streamlit."""
