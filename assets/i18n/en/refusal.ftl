### Why something cannot be done; the keys that the domain and the services name.

refusal-too-large = That number is too large. Enter a smaller one.
refusal-phone = That is not a phone number of Vietnam. Enter one like 0912 345 678.
refusal-phone-taken = This phone number has an account already. Sign in, or get a 6-digit code.
refusal-sign-in = Phone number or password is not right. Try again, or get a 6-digit code.
refusal-code = The code is not right or has run out. Enter it again, or get another.
refusal-card = This card has been used or has run out. Ask the cooperative for a new one, or get a 6-digit code.
refusal-old-password = The current password is not right. Enter it again.
refusal-password-short = The password is too short. Use at least 8 letters or digits.
refusal-password-long = The password is too long. Use at most 256 letters.
refusal-password-known = Everybody guesses this password. Choose another.
