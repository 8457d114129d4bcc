//! The environment, read once into one `Config`. The only file that names an environment variable.
