"""Grammars of what applications send to each other: interfaces, monitoring, sign-in, tracking, parts of pages, administration, robots."""
# ruff: noqa: E501, PLR2004, S608, UP031 - a query is read as a whole

from __future__ import annotations

import base64
import json
from dataclasses import replace
from random import Random
from urllib.parse import quote, quote_plus

from vedette.learning.datasets.web_benign_words import FOREIGN, OK, sentence
from vedette.learning.datasets.web_carrier import SITES, Request, carried, encoded, small


def interfaces(rng: Random) -> Request:
    """Programs that talk to programs: JSON, GraphQL, OData, FHIR, filters in parameters."""
    n, name = rng.randint(1, 9999), rng.choice(["alice", "bob", "order", "invoice", "device", "O''Neil"])
    value = rng.choice([
        json.dumps({"id": n, "name": name, "tags": ["a", "b"], "ok": True, "none": None}), json.dumps({"filter": {"status": {"eq": "open"}}, "limit": n % 100}), json.dumps([{"x": n / 7, "y": -n}] * rng.randint(1, 3)), json.dumps({"query": {"match": {"title": "union select"}}, "size": 10}), json.dumps({"text": sentence(rng), "lang": "en"}, ensure_ascii=rng.random() < 0.5),
        "query { user(id: %d) { name email posts(first: 5) { title } } }" % n, "{user(id:\"%d\"){name,posts{id}}}" % n, "mutation($x: Int!) { set(x: $x) { ok } }", "query Q($id: ID!) { node(id: $id) { ... on Repo { name } } }", '{"id":"%d","n":1}' % n,
        f"Name eq '{name}' and Price lt {n}", f"startswith(Name,'{name[0]}') or Id ge {n}", f"contains(tolower(title),'{name}') and status ne 'closed'", f"(status eq 'A' or status eq 'B') and created gt 2024-01-{n % 28 + 1:02}T00:00:00Z", f"substringof('{name}',Title) eq true", f"Id in ({n},{n + 1},{n + 2})", f"ge20{n % 100:02}-01-01", f"name=='{name}';age=gt={n % 99}", f"status=in=(open,closed);prio=={n % 9}", f"created >= -30d AND project = {name} ORDER BY created DESC", "assignee = currentUser() AND status != Done", f"-status:closed +type:bug title:\"{name} & more\"", f"id,name,owner{{id,name}},items.limit({n % 50}){{price}}", f"$.store.book[?(@.price<{n})].title", "fields(name,address(city))", f"+{n}", f"[{n} TO *]", "count:desc", f"urn:uuid:{rng.getrandbits(128):032x}", f"user:{n}|role:admin|scope:read", "*:*", f"{name}*", f"level>={n % 5} && !muted",
    ])  # fmt: skip
    return carried(
        rng,
        OK,
        value,
        name=rng.choice(
            [
                "filter",
                "$filter",
                "query",
                "q",
                "variables",
                "data",
                "where",
                "jql",
                "fields",
                "body",
                "search",
                "params",
                "rsql",
                "input",
            ]
        ),
        path=rng.choice(
            [
                "/api/v1/items",
                "/odata/Orders",
                "/graphql",
                "/rest/api/2/search",
                "/fhir/Patient",
                "/api/search",
                "/_api/web/lists",
                "/v3/query",
            ]
        ),
    )


def measures(rng: Random) -> Request:
    """Monitoring, log search, maps and science: languages of their own."""
    n = rng.randint(1, 99)
    value = rng.choice([
        f"sum(rate(http_requests_total{{job=\"api\",code=~\"5..\"}}[{n}m])) by (instance)", f"histogram_quantile(0.{n:02}, sum(rate(latency_bucket[5m])) by (le))", f"avg_over_time(node_load1{{instance!=\"x:9100\"}}[{n}h]) > 2 or up == 0", "count(up{job=~\".+\"}) without (pod)", f"max(cpu) - min(cpu) * {n} / 100", f"SELECT mean(\"value\") FROM \"cpu\" WHERE time > now() - {n}h GROUP BY time(10s) fill(null)", "{app=\"web\"} |= \"error\" != \"timeout\"", f"host:web{n} AND (status:5?? OR status:[400 TO 499])", "source=\"access.log\" | stats count by status", "index=main sourcetype=web | head 10 | table _time, uri", f"@timestamp:[now-{n}d TO now]", "level:(ERROR OR WARN) NOT logger:org.x.*", f"f(x)=x^2+{n}x-3", f"\\frac{{{n}}}{{x+1}}", f"{n}*(3+4)/2", f"sin({n})^2 + cos({n})^2 = 1", f"∫ x dx from 0 to {n}", f"x >= {n} && y <= 3", f"a <- c({n}, 2, 3)", f"48.{n}51,2.3{n}9", f"bbox={n}.1,2.2,{n + 1}.3,4.4", f"POLYGON(({n} 10, 40 40, 20 40, {n} 10))", f"POINT({n}.5 -{n}.25)", f"{n}°{n % 60}'12.3\"N 2°17'40.2\"E", "H2SO4 + 2 NaOH -> Na2SO4 + 2 H2O", "5'-GATTACA-3'", f"6'2\" tall, {n}kg", f"ISBN 978-0-{n:02}-123456-7", f"=SUM(A1:A{n})", f"=IF(A1>{n},\"yes\",\"no\")", f"alias(sumSeries(web.*.load), '{n}')", f"{n}:30-{n + 1}:45", f"10.1000/xyz{n}", f"50% of {n} = ?", "n! / (k! * (n-k)!)", f"[{n}, {n + 1})", "a|b|c", "/^[a-z]+$/i", "(?i)error.*timeout", "^(\\d{3})-(\\d+)$",
    ])  # fmt: skip
    return carried(
        rng,
        OK,
        value,
        name=rng.choice(["query", "expr", "target", "q", "search", "formula", "eq", "geometry", "match[]", "text"]),
        path=rng.choice(
            [
                "/api/v1/query_range",
                "/render",
                "/loki/api/v1/query",
                "/solr/select",
                "/search",
                "/calc",
                "/maps",
                "/_search",
            ]
        ),
    )


def _token(rng: Random) -> str:
    raw = json.dumps(
        {"sub": str(rng.randint(1, 10**9)), "iat": rng.randint(10**9, 2 * 10**9), "scope": "read write"}
    ).encode()
    part = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{part}.{base64.urlsafe_b64encode(rng.randbytes(24)).decode().rstrip('=')}"


def sessions(rng: Random) -> Request:
    """Signing in: redirects, tokens, identifiers, base64 and state."""
    target = quote(
        f"{rng.choice(SITES)}/{rng.choice(['cb', 'auth/callback', 'oauth2', 'home'])}?next={quote('/' + small(rng) + '?a=1&b=2', safe='')}",
        safe="",
    )
    blob = rng.choice(
        [
            base64.b64encode(
                json.dumps({"u": small(rng), "r": f"/{small(rng)}", "t": rng.randint(1, 9**9)}).encode()
            ).decode(),
            base64.b64encode(sentence(rng).encode()).decode(),
            base64.b64encode(rng.randbytes(rng.randint(12, 90))).decode(),
            rng.randbytes(rng.randint(8, 32)).hex(),
        ]
    )
    query = rng.choice([
        f"response_type=code&client_id={rng.randint(10**6, 10**9)}.apps&redirect_uri={target}&scope=openid%20email%20profile&state={quote(blob, safe='')}", f"token={_token(rng)}", f"SAMLRequest={quote(blob, safe='')}&RelayState={target}", f"next={quote('/account?tab=1&x=2#top', safe='')}", f"returnUrl={target}", f"continue={target}&hl=en", f"code={rng.randbytes(20).hex()}&state={rng.randbytes(8).hex()}&session_state={rng.randbytes(16).hex()}", f"sid={rng.randbytes(13).hex()}&_={rng.randint(10**12, 2 * 10**12)}", f"id_token_hint={_token(rng)}&post_logout_redirect_uri={target}", f"key={quote(blob, safe='')}", f"data={quote(blob, safe='')}&sig={base64.urlsafe_b64encode(rng.randbytes(32)).decode()}", f"__VIEWSTATE={quote(base64.b64encode(b'/wE' + rng.randbytes(40)).decode(), safe='')}&__EVENTTARGET=ctl00%24main%24btn", f"service={target}&ticket=ST-{rng.randint(1, 9999)}-{rng.randbytes(12).hex()}-cas", f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA{rng.randint(10**6, 10**7)}%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature={rng.randbytes(32).hex()}", f"hub.mode=subscribe&hub.challenge={rng.randint(1, 10**9)}&hub.verify_token={rng.randbytes(4).hex()}", f"uuid={rng.randbytes(4).hex()}-{rng.randbytes(2).hex()}-4{rng.randbytes(1).hex()}a-9{rng.randbytes(1).hex()}b-{rng.randbytes(6).hex()}",
    ])  # fmt: skip
    return replace(
        carried(rng, OK, "1"),
        query=query,
        path=rng.choice(
            [
                "/oauth/authorize",
                "/login",
                "/signin",
                "/saml/acs",
                "/account/callback",
                "/auth",
                "/logout",
                "/session/new",
            ]
        ),
    )


def tracking(rng: Random) -> Request:
    """Advertising, analytics and their pixels."""
    query = rng.choice([
        f"utm_source={rng.choice(['newsletter', 'google', 'face book'])}&utm_medium=cpc&utm_campaign={quote_plus(rng.choice(['Spring Sale 50%', 'Black Friday | 2025', 'Back-to-School!', 'Été & soldes', 'Mother' + chr(39) + 's Day']))}&gclid={base64.urlsafe_b64encode(rng.randbytes(40)).decode()}", f"fbclid=IwAR{base64.urlsafe_b64encode(rng.randbytes(30)).decode()}", f"v=1&t=pageview&tid=UA-{rng.randint(10**5, 10**7)}-1&cid={rng.randint(1, 10**9)}.{rng.randint(1, 10**9)}&dl={quote('https://www.example.com/?a=b&c=d', safe='')}&dt={quote(sentence(rng), safe='')}&sr=1920x1080&vp=1200x{rng.randint(500, 999)}&je=0", f"ev=PageView&dl={quote('https://shop.example/p?id=1', safe='')}&rl=&if=false&ts={rng.randint(10**12, 2 * 10**12)}&sw=1440", f"en=click&ep.text={quote(sentence(rng), safe='')}&_et={rng.randint(1, 9999)}&sid={rng.randint(10**9, 2 * 10**9)}", f"ord={rng.randint(1, 10**13)}?&dc_ref={quote('https://x.example/a;b=c', safe='')}", f"u={quote('https://news.example/story?id=' + small(rng), safe='')};cat=home;sz=300x250;tile=1;dcopt=ist", f"e={quote(json.dumps({'type': 'view', 'el': 'div#main>a.btn', 'xpath': '/html/body/div[2]/a'}), safe='')}", f"r={rng.random()}&screen=1920*1080&color=24-bit", f"t=event&ea={quote_plus(rng.choice(['click', 'scroll > 50%', 'video: play', 'form|submit']))}&el=%7B%7Bclick%20text%7D%7D", f"mc_cid={rng.randbytes(5).hex()}&mc_eid=%5BUNIQID%5D", f"event={quote(json.dumps({'error': chr(39) + 'undefined' + chr(39) + ' is not an object (evaluating ' + chr(39) + 'a.b' + chr(39) + ')', 'line': 3}), safe='')}", f"msg={quote_plus('Uncaught TypeError: Cannot read property of null at foo (app.js:12:3)')}",
    ])  # fmt: skip
    return replace(
        carried(rng, OK, "1"),
        query=query,
        path=rng.choice(
            [
                "/collect",
                "/pixel.gif",
                "/",
                "/tr",
                "/g/collect",
                "/track/click",
                "/landing",
                "/error/report",
                "/b/ss/suite/1",
            ]
        ),
    )


def assets(rng: Random) -> Request:
    """Files of ordinary sites: scripts, styles, pictures, fonts, downloads, feeds."""
    h = rng.randbytes(4).hex()
    path = rng.choice([
        f"/static/js/main.{h}.chunk.js", f"/assets/css/app-{h}.css", f"/wp-content/themes/twenty{rng.randint(10, 29)}/style.css", "/wp-content/plugins/contact-form-7/includes/js/index.js", f"/wp-content/uploads/2024/0{rng.randint(1, 9)}/photo-{rng.randint(1, 999)}x{rng.randint(100, 999)}.jpg", "/wp-includes/js/jquery/jquery.min.js", "/images/select-all.png", f"/images/photo%20({rng.randint(1, 99)}).jpg", "/img/rock'n'roll.jpg", "/fonts/OpenSans-Bold.woff2", "/favicon.ico", "/robots.txt", "/sitemap.xml", "/.well-known/acme-challenge/" + h, "/.well-known/openid-configuration", "/apple-touch-icon.png", "/ads.txt", "/manifest.json", f"/npm/@vue/compiler-{h}.js", f"/~user/papers/{h}.pdf", f"/download/setup_{rng.randint(1, 9)}.{rng.randint(0, 9)}.exe", "/files/report%20final%20(2).docx", f"/releases/v{rng.randint(1, 9)}.0/app.tar.gz", f"/debian/pool/main/b/bash/bash_5.{rng.randint(0, 9)}-1_amd64.deb", f"/pub/linux/kernel/v6.x/linux-6.{rng.randint(1, 9)}.tar.xz", "/docs/admin/configuration.html", "/docs/sql/select.html", "/help/shell/commands/cat", "/wiki/Union_(set_theory)", "/wiki/L'Aquila", "/wiki/C%2B%2B", "/wiki/%E6%97%A5%E6%9C%AC", f"/blog/2025/{rng.randint(1, 12):02}/how-to-drop-a-table", f"/news/{rng.randint(1, 99999)}-union-selects-new-leader.html", f"/products/{small(rng) or 'x'};jsessionid={h.upper()}", "/a/b/../c/style.css", "/en/about-us/", "/user/alter/ego", f"/category/home-%26-garden/page/{rng.randint(2, 30)}/", "/tag/c%23/", f"/s/{h}/_/img/logo.svg", "/cdn-cgi/scripts/5c5dd728/cloudflare-static/email-decode.min.js", f"/umbraco/assets/{h}.js", "/xmlrpc.php", "/wp-login.php", "/wp-cron.php", "/feed/", "/cgi-bin/search.pl", "/admin/", "/admin/dashboard", f"/api/v1/users/{rng.randint(1, 999)}/orders", "/health", "/metrics", "/status", f"/Images/Icons/icon[{rng.randint(1, 9)}].png", "/maven2/org/apache/log4j/log4j-core/2.17.1/log4j-core-2.17.1.pom", "/simple/passlib/", "/repos/a/b/contents/.github/workflows/ci.yml", "/@fs/src/components/Form.vue", "/connect/token", "/emoji/%F0%9F%98%80.png", "/search/label/What's%20New", f"/t/{rng.randint(1, 9999)}/why-does-cat-etc-hosts-work", "/Pages/Default.aspx", "/_layouts/15/init.js", "/js/jquery.validate.unobtrusive.js", "/index.php/component/users/", "/shell-and-bash/intro", f"/questions/{rng.randint(10**5, 10**7)}/sql-injection-in-php", "/backup-and-restore/", "/images/config.png", "/environment/", "/gitlab/pricing", "/install/", "/changelog", "/console/login", "/login.jsp", "/upload", "/uploads/avatar.png", "/files/shell-script.pdf",
    ])  # fmt: skip
    query = rng.choice(
        [
            None,
            None,
            None,
            f"v={rng.randint(1, 99)}.{rng.randint(0, 9)}",
            f"ver=6.{rng.randint(0, 9)}",
            h,
            "family=Open+Sans:400,700|Roboto:300&display=swap",
            f"w={rng.randint(100, 999)}&h={rng.randint(100, 999)}&fit=crop&auto=format,compress",
            "load=jquery,jquery-migrate,utils&c=1&ver=5",
            f"_={rng.randint(10**12, 2 * 10**12)}",
            f"d=mm&s={rng.randint(20, 200)}",
            f"itok={h}",
            "raw=true",
            f"t={rng.randint(1, 9**9)}",
        ]
    )
    made = carried(rng, OK, "1")
    return replace(made, path=path, query=query)


def managing(rng: Random) -> Request:
    """The insides of content systems, forums, webmail and file shares, as their own pages call them."""
    n = rng.randint(1, 9999)
    path, query = rng.choice([
        ("/wp-admin/admin-ajax.php", f"action=heartbeat&_nonce={rng.randbytes(5).hex()}&interval=60"), ("/wp-admin/post.php", f"post={n}&action=edit"), ("/wp-admin/load-scripts.php", "c=1&load%5Bchunk_0%5D=jquery-core,jquery-migrate,utils,moxiejs,plupload"), ("/wp-admin/edit.php", "s=&post_status=all&post_type=page&orderby=title&order=asc"), ("/wp-login.php", "redirect_to=https%3A%2F%2Fblog.example%2Fwp-admin%2F&reauth=1"), ("/wp-json/wp/v2/posts", "per_page=10&_embed&orderby=date"), ("/index.php", f"option=com_content&view=article&id={n}:some-title&catid=9&Itemid=101"), ("/index.php", f"r=site%2Findex&page={n % 20}"), ("/index.php", "controller=product&action=update&table=items"), ("/viewtopic.php", f"f=3&t={n}&sid={rng.randbytes(16).hex()}#p{n}"), ("/node/add", "destination=/admin/content%3Fpage%3D2"), ("/admin/content", "title=&type=All&status=1&langcode=All"), ("/phpbb/search.php", "keywords=drop+table&terms=all&author=&sc=1"), ("/roundcube/", f"_task=mail&_action=list&_mbox=INBOX&_page={n % 9}&_remote=1"), ("/owa/", "ae=Folder&t=IPF.Note&id=LgAAAAB%2b"), ("/remote.php/dav/files/anna/Fotos%202024/", None), ("/nextcloud/index.php/apps/files/", "dir=/Documents/R%26D%20(old)&fileid=12"), ("/gitlab/-/merge_requests", "scope=all&state=opened&label_name[]=bug&search=drop%20table"), ("/browse/PROJ-12", "jql=project%20%3D%20PROJ%20AND%20status%20%3D%20Open"), ("/wiki/index.php", f"title=Special:Search&search={quote_plus(sentence(rng))}&go=Go"), ("/wiki/index.php", "title=Main_Page&diff=12&oldid=prev&action=history"), ("/confluence/pages/viewpage.action", f"pageId={n}"), ("/jenkins/job/build%20app/lastBuild/console", None), ("/grafana/d/abc/dash", "orgId=1&from=now-6h&to=now&var-host=web%7Cdb"), ("/moodle/mod/quiz/view.php", f"id={n}&forceview=1"), ("/magento/admin/sales_order/index/key/" + rng.randbytes(8).hex() + "/", None), ("/cgi-bin/mailman/private/list/", "user=a%40example.com&cmd=subscribe"), ("/zabbix/zabbix.php", "action=dashboard.view&from=now-1h&to=now"), ("/phpmyadmin/index.php", "route=/sql&db=shop&table=orders&pos=0"), ("/cacti/graph.php", f"action=view&local_graph_id={n}&rra_id=all"), ("/solr/core1/select", "q=title:%22union%22+AND+select&fq=price:[10+TO+*]&wt=json&fl=id,score"), ("/kibana/app/discover", "_g=(time:(from:now-15m,to:now))&_a=(query:(language:kuery,query:'status:%20500'))"), ("/analytics/r/", "spec=!(filter:'a%20eq%201',sort:!(x,y))"), ("/ajax.php", "do=quickedit&cmd=save&exec=1"), ("/tools/ping", "host=8.8.8.8"), ("/tools/whois", "q=example.com"), ("/lookup", "host=www.example.com&cmd=dig"), ("/download.php", "file=manual_v2.pdf"), ("/view", "file=docs/en/intro.md"), ("/index.php", "page=about&lang=../en"), ("/get", "path=/images/2024/logo.png"), ("/proxy", "url=https%3A%2F%2Fcdn.example%2Fimg%2Fa.png"), ("/oembed", "url=https%3A%2F%2Fvideo.example%2Fwatch%3Fv%3Dabc"), ("/rss", "feed=http%3A%2F%2Fblog.example%2Ffeed.xml"), ("/thumb.php", "src=/media/a%20b.jpg&w=100&q=80"), ("/template/edit", "id=4&name=%7B%7Border.number%7D%7D+confirmation"), ("/ex/modeling/select", "table=t1;col=c2;agg=sum"), ("/export.php", "type=csv&columns=id,name,group&order=asc&limit=100"), ("/report", "from=2024-01-01&to=2024-12-31&group=month&union=1"),
    ])  # fmt: skip
    return replace(carried(rng, OK, "1"), path=path, query=query)


def machines(rng: Random) -> Request:
    """Robots, updaters, health checks, feed readers and apps with odd user agents and referrers."""
    told = rng.choice(
        [
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
            "ELB-HealthChecker/2.0",
            "kube-probe/1.{d}",
            "Prometheus/2.4{d}.0",
            "UptimeRobot/2.0; http://www.uptimerobot.com/",
            "Debian APT-HTTP/1.3 (2.{d}.1) non-interactive",
            "git/2.3{d}.1",
            'pip/23.{d} {{"ci":null,"cpu":"x86_64","distro":{{"name":"Debian GNU/Linux"}}}}',
            "Microsoft-WNS/10.0",
            "Microsoft BITS/7.{d}",
            "SlackBot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {n} subscribers; like FeedFetcher-Google)",
            "Java/1.8.0_{n}",
            "Mozilla/3.0 (compatible; Indy Library)",
            "Windows-Update-Agent/10.0.1{n} Client-Protocol/2.{d}",
            "Roku/DVP-9.{d} (519.10E04111A)",
            "CFNetwork/14{n} Darwin/2{d}.0.0",
            "AppleCoreMedia/1.0.0.{d} (iPhone; U; CPU OS 16_{d} like Mac OS X; en_us)",
            "Zabbix",
            "check_http/v2.{d} (monitoring-plugins 2.{d})",
            "libcurl-agent/1.0",
            "axios/1.{d}.2",
            "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
            "Valve/Steam HTTP Client 1.0 (4{n})",
            "Outlook-iOS/7{n}.2.prod",
            "MSIE 6.0; Windows NT 5.1; SV1",
            "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; InfoPath.1; .NET CLR 1.1.4322; O' Reilly)",
            "'Mozilla/5.0 (Windows NT 10.0)'",
            "Dillo/3.{d}",
            "Lynx/2.8.{d}rel.1 libwww-FM/2.14 SSL-MM/1.4.1",
            "${{user_agent}}",
            "-",
            "User-Agent: Mozilla/5.0",
            "Mozilla/5.0 (Linux; U; Android 9; zh-cn; Redmi Note {d}) AppleWebKit/537.36 Version/4.0 Chrome/71 MQQBrowser/9.{d}",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Slack/4.{d} Chrome/118 Electron/27",
            "GuzzleHttp/7",
            "Ruby",
            "PostmanRuntime/7.3{d}.0",
            "check-host/1.{d} <admin@example.org>",
            "FoxReader 2.{d}; it's me",
        ]
    )
    agent_ = told.format(d=rng.randint(0, 9), n=rng.randint(10, 999))
    referrer = rng.choice(
        [
            None,
            f"https://www.google.com/search?q={quote_plus(sentence(rng))}&oq=x&sourceid=chrome",
            f"https://www.bing.com/search?q={encoded(rng, sentence(rng))}&form=QBLH",
            "android-app://com.google.android.gm/",
            f"https://t.co/{rng.randbytes(5).hex()}",
            f"https://mail.example/owa/redir.aspx?C={base64.urlsafe_b64encode(rng.randbytes(20)).decode()}&URL={quote('https://www.example.com/?a=b', safe='')}",
            "about:blank",
            f"https://forum.example/t/it's-here/{rng.randint(1, 999)}",
            "http://localhost:3000/",
            f"https://www.baidu.com/s?wd={quote(rng.choice(FOREIGN), safe='')}",
            "https://duckduckgo.com/",
        ]
    )
    made = rng.choice([assets, managing, tracking])(rng)
    return replace(made, agent=agent_, referrer=referrer)
