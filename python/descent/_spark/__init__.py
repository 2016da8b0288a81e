"""What drives Spark for `descent train --engine spark`, and what runs on its executors, which need NumPy, Arrow and this package alone."""
