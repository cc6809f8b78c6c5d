"""The shipped input data and the record of where each number comes from."""
