"""The database: engines, the one writer, the unit of work and the migrations."""
