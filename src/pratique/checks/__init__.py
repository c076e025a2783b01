"""Is it complete and coherent?"""
