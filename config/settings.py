"""All settings, in one file, from the environment; safe when nothing is set.

RISKASSESS_MODE=local (the default) answers on this machine's own addresses only and makes its secret at
first start. RISKASSESS_MODE=production demands SECRET_KEY and ALLOWED_HOSTS and insists on HTTPS.
"""

from pathlib import Path

import dj_database_url
import django_stubs_ext

from config import env, logs, masking
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import parsed

django_stubs_ext.monkeypatch()  # lets typed code write QuerySet["Vendor"] at run time

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = env.choice("RISKASSESS_MODE", ("local", "production"), "local") == "production"
DEBUG = env.flag("DEBUG", default=False) and not PRODUCTION
VAR_DIR = Path(env.text("RISKASSESS_VAR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.secret("SECRET_KEY", kept_in=None if PRODUCTION else VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # earlier keys: the audit trail's seals are theirs
ALLOWED_HOSTS = (
    env.words("ALLOWED_HOSTS") if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.humanize",
    "auditlog",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "template_partials",
    "riskassess.accounts",
    "riskassess.jobs",
    "riskassess.trail",
    "riskassess.people",
    "riskassess.catalog",
    "riskassess.evidence",
    "riskassess.assessments",
    "riskassess.imports",
    "riskassess.reports",
    "riskassess.questionnaires",
    "riskassess.webhooks",
    "riskassess.home",
]

MIDDLEWARE = [
    "config.request_line.RequestLineMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "riskassess.accounts.held.AskedOnceMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.acting.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "riskassess.accounts.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.errors.ExpectedErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "riskassess.home.context.page_frame",
            ],
            "builtins": ["riskassess.home.templatetags.riskassess"],
        },
    }
]

FORM_RENDERER = "config.form_rendering.Inputs"

# --- data -------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: these four together gave no lock error and no lost write with four processes writing.
    synchronous = env.choice("SQLITE_SYNCHRONOUS", ("NORMAL", "FULL"), "NORMAL")
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={synchronous};",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if cache_url := env.text("CACHE_URL", ""):  # processes and machines that share it count together
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": cache_url,
            "OPTIONS": {"serializer": "config.plain_cache.Plain"},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "config.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a long questionnaire in one form, which saves without JavaScript
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_MB", 50) * 1024 * 1024
# What reading one upload may cost where it is not plainly harmless; past these it is refused.
UPLOAD_MEMORY_BYTES = env.number("UPLOAD_MEMORY_MB", 1500) * 1024 * 1024
UPLOAD_SECONDS = env.number("UPLOAD_SECONDS", 30)
DOCUMENT_MAX_BYTES = env.number("DOCUMENT_MAX_MB", 25) * 1024 * 1024  # of one attached document

# --- people -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "riskassess.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "reset_password": "riskassess.accounts.password_forms.AskForPassword",
    "user_token": "riskassess.accounts.password_forms.PasswordLink",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the address
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds for which a password entered again opens what is sensitive
# Counted in the cache: with several web processes, they need one in common (CACHE_URL).
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,5/h/key"}
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)  # whose X-Forwarded-For is believed
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:dashboard"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# A second factor: authenticator app, passkey or security key, recovery codes. Required of whom the setting names.
MFA_ADAPTER = "riskassess.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator knows the address
MFA_TOTP_ISSUER = "Riskassess"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a clock may be off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_REQUIRED_FOR = env.some("MFA_REQUIRED_FOR", ("everyone", *Role))

# Single sign-on by OpenID Connect, where a provider is named. Its groups become roles.
SOCIALACCOUNT_ADAPTER = "riskassess.people.adapter.InvitingAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {}
OIDC_ISSUER = env.text("OIDC_ISSUER", "")
OIDC_ORIGIN = env.text("OIDC_ORIGIN", "/".join(OIDC_ISSUER.split("/")[:3]))  # where its sign-in page stands
OIDC_GROUPS_CLAIM = env.text("OIDC_GROUPS_CLAIM", "groups")
OIDC_LOCAL_PASSWORDS = env.flag("OIDC_LOCAL_PASSWORDS", default=False)  # for who comes through it as well
OIDC_ROLES = parsed(env.json_object("OIDC_ROLES"))
if OIDC_ISSUER:
    # An address that the provider calls verified is the same person here: it is the company's own provider.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "profile", "email", *env.words("OIDC_SCOPES")],
        "APPS": [
            {
                "provider_id": "company",
                "name": env.text("OIDC_NAME", "Company account"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

# --- the audit trail --------------------------------------------------------------------------------
AUDITLOG_LOGENTRY_MODEL = "trail.Entry"
AUDITLOG_STORE_JSON_CHANGES = True
MIGRATION_MODULES = {"auditlog": None}  # its own table stays unmade: ours takes its place

# --- the doors --------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [
    r"^health/",
    r"^metrics$",
]  # probes come past the proxy: a redirect would look like an answer
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
if env.flag("BEHIND_HTTPS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        # A form that ends at the sign-in provider is one it may be sent to.
        "form-action": ["'self'", *([OIDC_ORIGIN] if OIDC_ISSUER else [])],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- work in the background -------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "memory://localhost")
# Installations that share a broker each need a queue of their own: a worker cannot do what another's database asks.
CELERY_TASK_DEFAULT_QUEUE = env.text("CELERY_QUEUE", "riskassess")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker may be away for a night: a worker waits for it
# A broker that hangs keeps nobody: who tells it something waits so many seconds, twice (judgement).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "memory": {"polling_interval": 0.02},
    "amqp": {"connect_timeout": 5, "read_timeout": 5, "write_timeout": 5},
    "redis": {
        "socket_connect_timeout": 5,
        "socket_timeout": 5,
        # Redis redelivers only what it believes lost; the Job table's own lease is what protects the work.
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    },
}.get({"rediss": "redis", "amqps": "amqp"}.get(_scheme := CELERY_BROKER_URL.split(":", 1)[0], _scheme), {})
# For those who run Celery beat. Without it the same looks are taken by every worker.
CELERY_BEAT_SCHEDULE = {"look": {"task": "riskassess.jobs.look", "schedule": 15.0}}
# Networks of the company itself that webhooks may reach although they are private, such as 10.20.0.0/16.
WEBHOOK_NETWORKS = env.networks("WEBHOOK_NETWORKS")
# Authorities of the company's own, beside the public ones, whose certificates webhooks may have: PEM, read at start.
WEBHOOK_AUTHORITIES = env.authorities("WEBHOOK_CA_FILE")
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 30)
JOB_MAX_ATTEMPTS = env.number("JOB_MAX_ATTEMPTS", 5)
# How long the rows of ended jobs stay to which no record points; 0 keeps them all. Some daily jobs are told by their
# row, so that a week is the least.
JOBS_KEPT_DAYS = env.days("JOBS_KEPT_DAYS", 90, least=7)  # judgement

# --- the rest ---------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if email_host := env.text("EMAIL_HOST", ""):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = email_host
    EMAIL_PORT = env.number("EMAIL_PORT", 587)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
    EMAIL_TIMEOUT = 30  # seconds: a server that says nothing keeps no worker; the mail is tried again
REMINDERS = env.flag("REMINDERS", default=True)  # mails about reviews and conditions that are due
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "riskassess@localhost")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
# What reports are laid out for: PDF, archive, and the printing of workbooks.
REPORT_PAPER = env.choice("REPORT_PAPER", ("A4", "Letter"), "A4")
# The site is in English alone; a report can be in each of these, and is in the one named here where nobody asks.
REPORT_LANGUAGES = {"en": "English", "de": "Deutsch"}
REPORT_LANGUAGE = env.choice("REPORT_LANGUAGE", tuple(REPORT_LANGUAGES), "en")
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True

# Requests to the API: of one token or person, and from one address that nobody stands behind; `off` is without limit.
API_RATE, API_RATE_STRANGERS = (
    "" if (rate := env.text(name, default)) == "off" else rate
    for name, default in (("API_RATE", "1200/min"), ("API_RATE_STRANGERS", "60/min"))
)

REST_FRAMEWORK = {
    "NUM_PROXIES": TRUSTED_PROXIES,  # 0: callers are told apart by where they come from, whatever they say
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "riskassess.accounts.authentication.AccessTokenAuthentication",  # first: it makes the anonymous a 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["config.rendering.Json"],
    "DEFAULT_PARSER_CLASSES": ["config.parsing.Json"],  # uploads say that they take forms
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.rendering.AsItIs",
    "URL_FORMAT_OVERRIDE": None,  # `format` is a field of reports, which are listed by it
    "DEFAULT_SCHEMA_CLASS": "config.api_schema.Schema",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "config.api_pages.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": ["riskassess.accounts.throttles.PersonRate"],
    "EXCEPTION_HANDLER": "config.errors.api_problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Riskassess",
    "DESCRIPTION": "Vendor-risk assessments of AI models: decision support, not legal advice.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_schema.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssessmentState": "riskassess.assessments.api_shapes.STATES",
        "AssessmentStanding": "riskassess.assessments.api_shapes.STANDINGS",
        "AnswerInterest": "riskassess.assessments.api_shapes.INTERESTS",
        "AnswerState": "riskassess.assessments.models.Answer.State",
        "BatchState": "riskassess.imports.models.Batch.State",
        "CombinedReportKind": "riskassess.reports.models.CombinedReport.Kind",
        "CombinedReportFormat": "riskassess.reports.models.CombinedReport.Format",
        "CombinedReportAsked": "riskassess.reports.combined_api.SHOWN",
        "DeliveryState": "riskassess.webhooks.models.Delivery.State",
        "DeploymentScope": "riskassess.catalog.models.offering.Offering.Deployment",
        "DocumentCountsAs": "riskassess.evidence.document_api.COUNTS_AS",
        "DocumentRelation": "riskassess.evidence.document.ClaimDocument.Relation",
        "InquiryState": "riskassess.questionnaires.api.STATES",
        "InquiryQuestionKind": "riskassess.questionnaires.models.InquiryQuestion.Kind",
        "JobState": "riskassess.jobs.models.Job.State",
        "Outcome": "riskassess.assessments.models.OUTCOMES",
        "PortfolioStanding": "riskassess.reports.combined_api.IN_PORTFOLIO",
        "ReportFormat": "riskassess.reports.models.ReportFile.Format",
        "RowOutcome": "riskassess.imports.models.Row.Outcome",
        "SourceKind": "riskassess.catalog.models.source.Kind",
        "VendorAnswerState": "riskassess.questionnaires.models.VendorAnswer.State",
        "WebhookEvent": "riskassess.webhooks.api.EVENTS",
        "WebhookEventKind": "riskassess.webhooks.api.KINDS",
        "VendorReview": "riskassess.questionnaires.models.VendorAnswer.Review",
    },
}

# --- what is watched --------------------------------------------------------------------------------
# One line for each request and each job; JSON for machines that gather lines, plain for people who look at them.
LOG_WORK = env.flag("LOG_WORK", default=PRODUCTION)
LOG_FORMAT = env.choice("LOG_FORMAT", ("plain", "json"), "json" if PRODUCTION else "plain")
LOGGING = logs.configuration(as_json=LOG_FORMAT == "json", level=env.text("LOG_LEVEL", ""))
# Who may read /metrics: whoever sends this token, or comes from one of these networks. Neither is set: nobody.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS_NETWORKS = env.networks("METRICS_NETWORKS")
METRICS_ON = bool(METRICS_TOKEN or METRICS_NETWORKS)
METRICS_WORKER_LISTEN = env.address(
    "METRICS_WORKER_LISTEN"
)  # where a worker tells of itself, such as 127.0.0.1:9101
masking.hide(
    [
        SECRET_KEY, *SECRET_KEY_FALLBACKS, METRICS_TOKEN, str(DATABASES["default"].get("PASSWORD", "")),
        env.text("EMAIL_HOST_PASSWORD", ""), env.text("OIDC_CLIENT_SECRET", ""),
    ]
)  # fmt: skip
