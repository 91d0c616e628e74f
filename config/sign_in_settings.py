"""Settings of signing in: what allauth is told, and how long things last."""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "web.account.sign_in.SignIn"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Whoever is here got here by a link that was mailed to that address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_FORMS = {
    "login": "web.account.forms.SignInForm",
    "change_password": "web.account.forms.ChangePasswordForm",
    "reset_password": "web.account.forms.AskForPasswordForm",
    "reset_password_from_key": "web.account.forms.NewPasswordForm",
    "reauthenticate": "web.account.forms.StillMeForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# engage.people.secret_tries counts: also when the cache is gone, and by the address TRUSTED_PROXIES lets through.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "engage.people.passwords.PasswordLinks"  # noqa: S105 - a class
MFA_ADAPTER = "web.account.second_factors.SecondFactors"
MFA_FORMS = {
    "authenticate": "web.account.forms.CodeForm",
    "reauthenticate": "web.account.forms.CodeAgainForm",
    "activate_totp": "web.account.forms.SetUpAppForm",
    "add_webauthn": "web.account.forms.AddPasskeyForm",
    "edit_webauthn": "web.account.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "Engage"
MFA_TOTP_TOLERANCE = 1
# What the page says that mails the link: one hour, and once.
PASSWORD_RESET_TIMEOUT = 3600
# 12 hours from the sign-in, two hours without an act (engage/people/sessions.py); an unsaved draft is warned of before.
SESSION_ENGINE = "engage.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
IDLE_WARNING_SECONDS = 110 * 60
