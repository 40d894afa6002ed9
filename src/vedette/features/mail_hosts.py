"""Hosts and domains by what they are for, in mail: facts, collected by hand, that age; each list says what it means to be on it."""

# ruff: noqa: SIM905 - lists of names read better as text
from __future__ import annotations

FREE_MAIL = tuple(
    """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk yahoo.fr
    yahoo.de yahoo.co.jp ymail.com rocketmail.com aol.com aim.com icloud.com me.com mac.com gmx.de gmx.net gmx.com gmx.at gmx.ch
    web.de freenet.de mail.com email.com mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru proton.me
    protonmail.com pm.me tutanota.com tuta.io zoho.com fastmail.com hushmail.com laposte.net orange.fr wanadoo.fr free.fr sfr.fr
    libero.it virgilio.it tiscali.it alice.it o2.pl wp.pl onet.pl interia.pl op.pl seznam.cz centrum.cz uol.com.br bol.com.br
    terra.com.br ig.com.br terra.es qq.com 163.com 126.com sina.com sohu.com foxmail.com naver.com daum.net hanmail.net
    rediffmail.com excite.com lycos.com netscape.net juno.com usa.net bigfoot.com earthlink.net comcast.net verizon.net att.net
    mailinator.com
    """.split()
)
"""Providers of mailboxes for everybody."""

SENDER_TENANTS = tuple(
    """
    onmicrosoft.com firebaseapp.com web.app amazonaws.com azurewebsites.net herokuapp.com vercel.app netlify.app workers.dev
    pages.dev github.io wixsite.com weebly.com blogspot.com wordpress.com glitch.me repl.co ngrok.io ngrok-free.app
    trycloudflare.com myshopify.com sendgrid.net mcsv.net mailgun.org zendesk.com freshdesk.com hubspotemail.net servicenow.com
    """.split()
)
"""Domains whose names below are had for nothing, or by everybody who buys a little, and send mail."""

CHEAP = tuple(
    """
    top xyz icu click buzz cfd sbs rest cyou tk ml ga cf gq pw monster quest beauty hair makeup lol mom autos boats homes skin
    yachts bid loan win men date stream download racing review trade party science gdn kim ooo zip mov best bond fit surf cam uno
    """.split()
)
"""Top-level domains that are sold for next to nothing, and fill up with what is thrown away after a week."""

SHORTENERS = tuple(
    """
    bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at tiny.cc rb.gy lnkd.in t.ly s.id bl.ink
    shorte.st adf.ly clck.ru vk.cc qrco.de linktr.ee urlz.fr u.to soo.gd bit.do mcaf.ee tny.im x.co tr.im snipurl.com tinylink.net
    dlvr.it surl.li l.ead.me me2.do hyperurl.co short.gy kutt.it t2m.io gg.gg shrtco.de da.gd han.gl
    """.split()
)
"""Services whose links hide where they lead."""

PAGE_TENANTS = tuple(
    """
    web.app firebaseapp.com appspot.com run.app cloudfunctions.net r2.dev pages.dev workers.dev vercel.app netlify.app netlify.com
    github.io gitlab.io gitbook.io glitch.me repl.co replit.app replit.dev surge.sh onrender.com render.com herokuapp.com fly.dev
    azurewebsites.net azurestaticapps.net windows.net azureedge.net cloudapp.net ngrok.io ngrok-free.app trycloudflare.com
    weebly.com weeblysite.com wixsite.com wix.com square.site webflow.io framer.app framer.website carrd.co godaddysites.com
    wordpress.com blogspot.com tumblr.com strikingly.com mystrikingly.com jimdosite.com jimdofree.com yolasite.com webnode.page
    000webhostapp.com infinityfreeapp.com epizy.com rf.gd byethost.com altervista.org ucoz.com narod.ru geocities.com tripod.com
    angelfire.com freewebs.com 50megs.com 8m.com notion.site typeform.com jotform.com forms.gle formstack.com ipfs.io dweb.link
    cloudflare-ipfs.com fleek.co arweave.net duckdns.org ddns.net hopto.org zapto.org sytes.net myftp.org no-ip.org dynu.net
    translate.goog googleusercontent.com storage.googleapis.com amazonaws.com cloudfront.net digitaloceanspaces.com
    backblazeb2.com linodeobjects.com wasabisys.com myqcloud.com aliyuncs.com oraclecloud.com
    """.split()
)
"""Hosting, forms and storage whose pages anybody puts up within minutes."""
