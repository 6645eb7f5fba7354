"""What Streamlit shows: the guard before a page, filters, components. Only here it is imported."""
