"""Every setting, in sections. The environment is read here and nowhere else."""

from __future__ import annotations

import os

from forumcrawl import __version__

# --- Project ---------------------------------------------------------------------------------------------------
BOT_NAME = "forumcrawl"
SPIDER_MODULES = ["forumcrawl.spiders"]
COMMANDS_MODULE = "forumcrawl.commands"

# --- What to crawl ---------------------------------------------------------------------------------------------
FORUM_URL = os.environ.get("FORUM_URL")
SOURCE_CLASSES = os.environ.get("SOURCE_CLASSES") or "{}"  # a mirror's site to the site whose page class reads it

# --- Where it is kept ------------------------------------------------------------------------------------------
MONGODB_URI = os.environ.get("MONGODB_URI")  # unset: the embedded server under FORUMCRAWL_HOME
REDIS_URL = os.environ.get("REDIS_URL")  # unset: the embedded server, as for MongoDB
MONGODB_DATABASE = "forumcrawl"
FORUMCRAWL_HOME = os.environ.get("FORUMCRAWL_HOME", "./.forumcrawl")
EMBEDDED_MONGODB_PORT = 0  # 0: any free port, the same one at every start
EMBEDDED_REDIS_PORT = 0
STORAGE_BATCH_SIZE = 500  # documents a bulk write
STORAGE_BATCH_WAIT = 0.05  # seconds the first item of a batch waits for company
STORAGE_PATIENCE = 60.0  # seconds the database may be away before the crawl ends with storage_unavailable

IMAGES_STORE = os.environ.get("IMAGES_STORE", "auto")  # a folder, gridfs://, s3://BUCKET; auto: in the home; "": none
IMAGES_MAX_BYTES = 20 * 1024 * 1024  # of a picture
IMAGES_MAX_RUN_BYTES = 0  # of all pictures that a worker downloads in a run; 0: any number
IMAGES_MAX_PIXELS = 50_000_000
IMAGES_MAX_FRAMES = 1_000

# --- Manners ---------------------------------------------------------------------------------------------------
CONTACT = os.environ.get("FORUMCRAWL_CONTACT")  # an address or a page; the spider warns where there is none
USER_AGENT = f"forumcrawl/{__version__} ({CONTACT or 'no contact given'})"
ROBOTSTXT_OBEY = True
HOST_DELAY = 1.0  # seconds between two requests to one host, by all workers of a job; 0: no pace
HOST_CONCURRENCY = 2.0  # a host that takes L seconds to answer is asked every L / this seconds at the most
HOST_IN_FLIGHT = 64  # requests of a host that all workers are at work on at the most; 0: any number
SOURCE_IN_FLIGHT = 1  # the same for a host of which only source articles or pictures wait: slow ones hold nothing up
SOURCE_IN_FLIGHT_FAST = 6  # where such a host answers in less than a second, and did not fail
HOST_PARK_AFTER = 10  # failures in a row after which a host is left alone for a while
HOST_PARK_SECONDS = 10.0  # how long, the first time; doubles up to ten minutes while it goes on failing
DOWNLOAD_DELAY_JITTER = 0.0
CONCURRENT_REQUESTS = 64  # of all hosts, no fewer than a worker holds: the frontier says which
CONCURRENT_REQUESTS_PER_DOMAIN = 4

# --- Gates -----------------------------------------------------------------------------------------------------
BROWSER_PATH = os.environ.get("BROWSER_PATH")  # the Chromium to use; unset: the system's, else Playwright's
BROWSER_DOWNLOADS = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")  # where Playwright keeps its own; unset: its default
BROWSER_HOSTS = os.environ.get("BROWSER_HOSTS", "")  # host[:port],…: pages that a browser opens, known beforehand
BROWSER_PAGES = 2  # open at once
BROWSER_TIMEOUT = 20.0  # seconds for a page to open
BROWSER_IDLE = 60.0  # seconds without a page after which the browser is ended
BROWSER_MEMORY = 1500  # MB of all its processes, beyond which it is replaced
GATE_TRIES = 3  # a request that is challenged or blocked so often, its host parked in between, is given up
CONSENT_COOKIES = os.environ.get("CONSENT_COOKIES") or "{}"  # JSON: host[:port] to the cookie its consent page sets

# --- Waiting and trying again ----------------------------------------------------------------------------------
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 6
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the spider says what became of the request
RETRY_BACKOFF = 0.5  # seconds before the second try; doubles with each further one
RETRY_BACKOFF_MAX = 60.0  # seconds between two tries at the most
RETRY_AFTER_MAX = 3600.0  # seconds; a host that asks for more ends the crawl with rate_limited
REDIRECT_MAX_TIMES = 5
HTTPERROR_ALLOW_ALL = True  # an error page says why; the spider reads it

# --- Frontier --------------------------------------------------------------------------------------------------
SCHEDULER = "forumcrawl.frontier.scheduler.FrontierScheduler"
FRONTIER_LEASE = 15.0  # seconds of silence after which what a worker holds goes to others
FRONTIER_PATIENCE = 60.0  # seconds Redis may be away before the crawl ends with frontier_unavailable
FRONTIER_DELIVERIES = 5  # a request that was started so often and never finished is dead
FRONTIER_PREFETCH = 32  # requests a worker holds before their start at the most
WORKER_IN_FLIGHT = 48  # requests a worker holds at the most: what it holds, others cannot do
WORKER_IN_FLIGHT_BESIDE = 8  # source articles and pictures beside them: slow sites take no room from the forum

JOB_JOIN_ONLY = False  # a job that is over is not begun anew, as by a worker that a node starts late

# --- Nodes (Scrapyd) -------------------------------------------------------------------------------------------
SCRAPYD_JOB = None  # the id of this process at the node that started it
SCRAPYD_VERSION = os.environ.get("SCRAPYD_EGG_VERSION")  # of the egg that the node runs
# Embedded servers on a node too, since there is only this one; otherwise a node's worker without servers is refused.
SINGLE_NODE = os.environ.get("SINGLE_NODE", "").lower() in ("1", "true", "yes")

# --- Engine ----------------------------------------------------------------------------------------------------
ITEM_PIPELINES = {
    "forumcrawl.pipelines.images.ImagesPipeline": 50,
    "forumcrawl.pipelines.validate.ValidatePipeline": 100,
    "forumcrawl.pipelines.identities.IdentitiesPipeline": 200,
    "forumcrawl.pipelines.mongo.MongoPipeline": 900,
}
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "forumcrawl.download.handler.KnownTriesHandler")
DOWNLOADER_MIDDLEWARES = {
    "forumcrawl.download.resting.RestingSitesMiddleware": 50,
    "forumcrawl.download.private.PrivateAddressMiddleware": 55,
    "forumcrawl.download.claims.PictureClaimsMiddleware": 60,
    "forumcrawl.stats.traffic.TrafficMiddleware": 990,
    "forumcrawl.frontier.pacing.PacingMiddleware": 560,
    "forumcrawl.gate.middleware.GateMiddleware": 570,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "forumcrawl.download.retry.BackoffRetryMiddleware": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "forumcrawl.download.redirect.ForumRedirectMiddleware": 600,
}
SPIDER_MIDDLEWARES = {"forumcrawl.stats.steps.ParseTimeMiddleware": 1000}
ADDONS = {"forumcrawl.frontier.addon.PaceAddon": 500}
REQUEST_FINGERPRINTER_CLASS = "forumcrawl.download.fingerprint.IdentityFingerprinter"
CONCURRENT_ITEMS = 40  # a thread page holds about twenty posts and their authors
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# --- Counting --------------------------------------------------------------------------------------------------
STATS_INTERVAL = 2.0  # seconds between two times that a worker tells its stats; 0: never, and no run is recorded
STATS_POINT_INTERVAL = 60.0  # seconds between two points in the history of a run
METRICS_PASSWORD = os.environ.get("METRICS_PASSWORD")  # of the login at `scrapy metrics`; unset: loopback alone
STATS_HOSTS = 200  # hosts with stats of their own, for each worker; further ones are counted together

# --- Alarms ----------------------------------------------------------------------------------------------------
MONITOR_INTERVAL = 20.0  # seconds between two looks at a run; 0: nobody looks but `scrapy watch`
EXPECTATIONS = os.environ.get("EXPECTATIONS")  # a TOML file laid over monitors/expectations.toml
ALERT_WEBHOOK = os.environ.get("ALERT_WEBHOOK")  # an address that alarms are posted to, as JSON
ALERT_SLACK = os.environ.get("ALERT_SLACK")  # the address of a Slack incoming webhook
ALERT_TELEGRAM = os.environ.get("ALERT_TELEGRAM")  # TOKEN@CHAT: the token of a Telegram bot and a chat it may write to
ALERT_EMAIL = os.environ.get("ALERT_EMAIL")  # addresses, with commas between
ALERT_SMTP = os.environ.get("ALERT_SMTP")  # smtp[s]://USER:PASSWORD@HOST:PORT?from=ADDRESS, for e-mail
ALERT_LINK = os.environ.get("ALERT_LINK")  # address of a page about a run, with {run} in it, that messages link to
TELEGRAM_API = "https://api.telegram.org"

# --- Showing ---------------------------------------------------------------------------------------------------
PROGRESS = "auto"  # live numbers on stderr: "on", "off", or "auto", where that is a terminal; otherwise log lines
LOGSTATS_INTERVAL = 60.0  # seconds between two such lines; 0 for none
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,
    "forumcrawl.stats.progress.Progress": 500,
    "forumcrawl.stats.summary.Summary": 500,
    "forumcrawl.stats.error_groups.ErrorGroups": 500,
    "forumcrawl.stats.recorder.Recorder": 900,
    "forumcrawl.monitors.extension.Monitors": 950,
}
STATS_DUMP = False  # the table at the end tells what matters of them
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
