"""Archives of 500 pictures, packed and downloaded while the gallery is being changed."""
