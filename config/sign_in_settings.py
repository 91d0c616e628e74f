"""Settings of signing in: what allauth is told, and how long things last."""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "web.sign_in.SignIn"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Whoever is here got here by a link that was mailed to that address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_FORMS = {
    "login": "web.forms.account.SignInForm",
    "change_password": "web.forms.account.ChangePasswordForm",
    "reset_password": "web.forms.account.AskForPasswordForm",
    "reset_password_from_key": "web.forms.account.NewPasswordForm",
    "reauthenticate": "web.forms.account.StillMeForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# engage.secret_tries counts: also when the cache is gone, and by the address TRUSTED_PROXIES lets through.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "engage.password_links.PasswordLinks"  # noqa: S105 - a class
MFA_ADAPTER = "web.second_factors.SecondFactors"
MFA_FORMS = {
    "authenticate": "web.forms.account.CodeForm",
    "reauthenticate": "web.forms.account.CodeAgainForm",
    "activate_totp": "web.forms.account.SetUpAppForm",
    "add_webauthn": "web.forms.account.AddPasskeyForm",
    "edit_webauthn": "web.forms.account.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "Engage"
MFA_TOTP_TOLERANCE = 1
# What the page says that mails the link: one hour, and once.
PASSWORD_RESET_TIMEOUT = 3600
# 12 hours from the sign-in, two hours without an act (engage/sign_in_sessions.py); an unsaved draft is warned of before.
SESSION_ENGINE = "engage.sign_in_sessions"
SESSION_COOKIE_AGE = 12 * 3600
IDLE_WARNING_SECONDS = 110 * 60
