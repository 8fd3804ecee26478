# Installation rules: see the house helper
