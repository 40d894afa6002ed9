"""What a mail wants, by the words of twelve languages: phrases of a topic, found in one pass over the folded text.

The lists are ours. A phrase of letters with spaces between them matches at the begin of a word (``verif`` finds verify, verification); one in
Chinese, Japanese or Korean script matches anywhere. Words are evidence by topic, never by language: being asked in Polish is no evidence.
"""

# ruff: noqa: E501 - lists of words
from __future__ import annotations

from functools import cache

import polars as pl

from vedette.features.mail_text import folded

TOPICS = {
    "asks_login": "asks to log in or confirm an account",
    "asks_secret": "asks for a password, a code or card data",
    "threatens": "threatens to close, block or lose something",
    "hurries": "hurries",
    "warns": "speaks of unusual activity or a security problem",
    "mailbox": "speaks of a full or failing mailbox",
    "pays": "speaks of a payment, an invoice or a refund",
    "parcel": "speaks of a parcel that waits",
    "wins": "promises a prize, a gift or money for nothing",
    "inherits": "offers a share of a fortune, or asks for help with one",
    "coins": "speaks of coins and wallets",
    "extorts": "claims to have recorded the reader, and wants money",
    "opens": "asks to open or enable what is attached",
    "clicks": "asks to click",
    "state": "speaks of taxes, fines or a court",
    "boss": "asks for a quiet favour, gift cards or a transfer",
}
"""Topic -> what is said about it."""

_NUMBERS: dict[str, pl.DataType] = dict.fromkeys(TOPICS, pl.Float32())
SCHEMA = pl.Schema({**_NUMBERS, "phrases": pl.List(pl.String)})

CHARS = 1_500
"""Characters of a body that are searched: what a reader reads first."""

MOST = 3
"""Distinct phrases of a topic that count."""

PHRASES = {
    "asks_login": (
        # en de fr es pt it nl pl tr ru ja zh
        "verify your, verify account, verification of your, confirm your, validate your, re validate, update your account, update your information, "
        "update your billing, update your payment, log in to your, login to your, sign in to, re activate, reactivate your, restore your account, "
        "restore access, recover your account, review your account, account verification, confirm identity, identity verification, "
        "keep your password, keep same password, keep current password, "
        "konto bestatig, konto verifizier, daten bestatig, identitat bestatig, daten aktualisier, konto aktualisier, anmelden und, bestatigen sie ihr, "
        "verifizieren sie ihr, konto zu reaktivier, legitimation, "
        "confirmer votre, verifier votre, mettre a jour vos, mise a jour de votre, connectez vous, identifiez vous, reactiver votre, valider votre, "
        "confirme su, confirmar su, verifique su, verificar su, actualice su, actualizar sus, inicie sesion, iniciar sesion, reactivar su, valide su, "
        "confirme seus, confirme sua, confirmar seus, atualize seus, atualizar seus, atualizacao cadastral, recadastr, acesse sua conta, valide sua, "
        "verifique sua, desbloquear sua, "
        "confermare i suoi, verifica il tuo, verificare il, aggiorna i tuoi, aggiornare i, acceda al, accedi al, accedi al tuo, conferma i tuoi, "
        "riattiva, "
        "bevestig uw, bevestigen van uw, verifieer uw, controleer uw, update uw, bijwerken van uw, log in op uw, inloggen op, activeer uw, "
        "potwierdz swoj, potwierdzic swoj, zweryfikuj, zaloguj sie, aktualizuj dane, zaktualizuj, odblokuj, "
        "hesabinizi dogrula, hesabinizi onayla, bilgilerinizi guncelle, giris yap, dogrulama yap, "
        "подтвердите, подтвердить ваш, войдите в, обновите данн, восстановить доступ, пройдите верификац, "
        "ログイン, ご確認ください, 本人確認, 情報を更新, 更新手続き, 再登録, 認証手続, アカウントの確認, アカウントを確認, お手続き, "
        "登录, 登陆, 验证您的, 确认您的, 更新您的, 激活您的, 重新验证, 驗證您的, 登入"
    ),
    "asks_secret": (
        "your password, password expire, password is about, password will expire, passcode, pin code, pin number, security code, one time code, "
        "credit card number, card number, card details, cvv, social security number, date of birth, mothers maiden, bank details, account number, "
        "seed phrase, recovery phrase, secret phrase, login details, login credential, user name and password, username and password, credentials, "
        "passwort, kennwort, tan nummer, pushtan, kreditkartendaten, zugangsdaten, bankverbindung, geheimzahl, "
        "mot de passe, code secret, numero de carte, coordonnees bancaires, carte bancaire, identifiants, "
        "contrasena, clave de acceso, numero de tarjeta, datos bancarios, codigo de seguridad, "
        "sua senha, senha de, numero do cartao, dados bancarios, codigo de seguranca, token de, "
        "la tua password, codice pin, numero di carta, dati bancari, codice otp, credenziali, "
        "wachtwoord, pincode, bankpas, rekeningnummer, inloggegevens, "
        "haslo, numer karty, kod pin, dane logowania, kod blik, "
        "sifre, parola, kart numara, kart bilgi, guvenlik kodu, "
        "парол, номер карты, код из смс, данные карты, пин код, "
        "パスワード, 暗証番号, カード番号, クレジットカード情報, セキュリティコード, ワンタイム, "
        "密码, 密碼, 银行卡, 卡号, 验证码, 驗證碼, 身份证"
    ),
    "threatens": (
        "will be suspended, been suspended, account suspend, temporarily suspend, will be closed, be terminated, termination of your, will be deactivat, "
        "been deactivat, will be disabled, been disabled, will be deleted, permanently delet, been limited, limited access, account is limited, been locked, "
        "is locked, been blocked, will be blocked, been restricted, restricted, lose access, loss of access, on hold, will be cancelled, service interrupt, "
        "will be removed, legal action, avoid suspension, avoid interruption, failure to comply, discontinu, "
        "gesperrt, sperrung, eingeschrankt, geschlossen wird, deaktivier, geloscht, gekundigt, vorubergehend gesperrt, "
        "suspendu, sera bloque, ete bloque, sera ferme, desactive, limite l acces, restreint, sera supprime, "
        "suspendid, sera bloquead, ha sido bloquead, desactivad, sera cancelad, cuenta bloquead, restringid, sera eliminad, "
        "sera bloqueada, foi bloquead, suspensa, bloqueio, sera suspens, cancelamento, desativad, "
        "sospes, bloccat, disattivat, limitato, verra chius, sara cancell, "
        "geblokkeerd, opgeschort, gedeactiveerd, beperkt, wordt afgesloten, verwijderd, "
        "zablokowan, zawieszon, zostanie usuniet, ograniczon, wygasn, dezaktyw, "
        "askiya alin, hesabiniz kapat, engellen, kisitlan, silinecek, "
        "заблокирован, приостановлен, будет удален, ограничен, блокировк, деактив, "
        "停止, 制限, 凍結, 無効, 失効, 解約, 削除されます, ロックされ, "
        "停用, 冻结, 凍結, 暂停, 限制, 关闭您的, 将被删除, 封锁"
    ),
    "hurries": (
        "immediately, urgent, as soon as possible, within 24, within 48, within 12, 24 hours, 48 hours, 72 hours, final notice, last warning, final warning, "
        "last reminder, last chance, act now, action required, immediate action, attention required, before it is too late, deadline, expires today, "
        "expires soon, expiring, will expire, today only, without delay, important notice, "
        "dringend, sofort, umgehend, innerhalb von, letzte mahnung, letzte erinnerung, unverzuglich, handlungsbedarf, frist, lauft ab, "
        "immediatement, sous 24, sous 48, dernier avis, dernier rappel, au plus vite, sans delai, derniere relance, expire, "
        "urgente, inmediat, lo antes posible, ultimo aviso, en 24, en 48, vence hoy, caduca, "
        "imediat, ultimo aviso, em 24, prazo, vencimento, expira, ate hoje, "
        "immediat, entro 24, entro 48, ultimo avviso, scade, in scadenza, al piu presto, "
        "onmiddellijk, binnen 24, binnen 48, laatste herinnering, zo snel mogelijk, verloopt, dringend, "
        "pilne, natychmiast, w ciagu 24, w ciagu 48, ostatnie przypomnienie, ostateczne, niezwlocznie, "
        "acil, hemen, 24 saat, 48 saat, son uyari, suresi dol, "
        "срочно, немедленно, в течение 24, последнее предупреждение, как можно скорее, истекает, "
        "至急, 緊急, 早急, 24時間, 48時間, 期限, 重要なお知らせ, 【重要】, 最終, "
        "立即, 紧急, 緊急, 小时内, 小時內, 尽快, 儘快, 到期, 过期, 逾期"
    ),
    "warns": (
        "unusual activity, unusual sign, suspicious activity, suspicious login, unauthorized access, unauthorised access, unauthorized transaction, "
        "unrecognized device, new device, new sign in, security alert, security notice, security update, security measure, fraudulent activity, "
        "security reasons, protect your account, someone tried, compromised, attempted login, login attempt, fraud alert, different ip, "
        "your account has been accessed, irregular activity, "
        "ungewohnliche aktivitat, verdachtig, sicherheitswarnung, sicherheitsgrund, unbefugt, neues gerat, sicherheitsmeldung, sicherheitssystem, "
        "activite inhabituelle, activite suspecte, connexion inhabituelle, alerte de securite, raisons de securite, non autorise, nouvel appareil, "
        "actividad inusual, actividad sospechosa, alerta de seguridad, no autorizado, motivos de seguridad, nuevo dispositivo, "
        "atividade suspeita, atividade incomum, alerta de seguranca, nao autorizad, motivos de seguranca, novo dispositivo, "
        "attivita sospetta, attivita insolita, avviso di sicurezza, non autorizzat, motivi di sicurezza, accesso anomalo, "
        "ongebruikelijke activiteit, verdachte activiteit, beveiligingsmelding, onbevoegd, nieuw apparaat, veiligheidsreden, "
        "podejrzan, nietypow, alert bezpieczenstwa, nieautoryzowan, wzgledow bezpieczenstwa, nowe urzadzenie, "
        "supheli, guvenlik uyaris, yetkisiz, olagandisi, guvenlik nedeni, "
        "подозрительн, необычн, безопасност, несанкционирован, попытка входа, новое устройство, "
        "不正, 異常, 第三者, セキュリティ, 不審, 身に覚えのない, "
        "异常, 異常, 可疑, 未经授权, 安全警报, 安全提醒, 安全问题, 风险"
    ),
    "mailbox": (
        "mailbox is full, mailbox full, mailbox has exceeded, mailbox quota, mail quota, quota exceed, storage limit, storage is full, storage full, "
        "mailbox size, undelivered message, undelivered mail, pending message, messages pending, pending mail, incoming message, incoming mail, "
        "held message, messages on hold, quarantined message, mailbox upgrade, upgrade your mailbox, webmail, mail server, email administrator, "
        "mail administrator, it help desk, it helpdesk, system administrator, email account, delayed message, blocked incoming, "
        "cloud storage, storage plan, out of storage, voicemail, voice message, missed call, fax received, "
        "postfach ist voll, postfach voll, speicherplatz, speicherlimit, nicht zugestellt, sprachnachricht, "
        "boite mail, boite aux lettres, espace de stockage, quota de, messagerie vocale, messages en attente, "
        "buzon, almacenamiento, mensajes pendientes, correo de voz, cuota de, "
        "caixa de entrada, caixa postal, armazenamento, mensagens pendentes, "
        "casella di posta, casella pos, spazio di archiviazione, messaggi in attesa, messaggio vocale, "
        "opslagruimte, postvak, voicemailbericht, in de wacht, "
        "skrzynka poczt, skrzynki poczt, limit miejsca, miejsce na dysku, wiadomosci oczekuj, "
        "posta kutu, depolama alan, bekleyen mesaj, "
        "почтовый ящик, почтового ящика, хранилищ, недоставлен, квот, "
        "メールボックス, 容量, 受信トレイ, 未配信, ストレージ, "
        "邮箱, 郵箱, 邮件系统, 容量, 存储空间, 待处理邮件, 信箱"
    ),
    "pays": (
        "payment declined, payment failed, payment method, could not process, unable to process your, billing problem, billing information, update payment, "
        "outstanding balance, outstanding invoice, overdue, unpaid, past due, amount due, you have been charged, will be charged, auto renew, renewal, "
        "subscription, refund, reimbursement, invoice, purchase order, remittance, wire transfer, swift copy, transaction, money transfer, funds transfer, "
        "direct deposit, order confirmation, purchase confirm, payment advice, proof of payment, "
        "zahlung fehlgeschlagen, zahlungsmethode, rechnung, mahnung, ruckerstattung, uberweisung, offener betrag, abbuchung, lastschrift, "
        "paiement refuse, moyen de paiement, facture, remboursement, virement, impaye, prelevement, "
        "pago rechazado, metodo de pago, factura, reembolso, transferencia, impago, cargo en su, "
        "pagamento recusado, forma de pagamento, fatura, boleto, reembolso, via pix, nota fiscal, debito, estorno, "
        "pagamento rifiutato, metodo di pagamento, fattura, rimborso, bonifico, addebito, "
        "betaling mislukt, betaalmethode, factuur, terugbetaling, openstaand, incasso, betalingsherinnering, "
        "platnosc, faktur, zwrot, przelew, naleznosc, zaleglo, "
        "odeme, fatura, iade tutar, havale, borc, "
        "оплат, платеж, счет на, возврат, перевод, задолженност, "
        "お支払い, 請求, 返金, 振込, 決済, 引き落とし, お取引, 料金, "
        "付款, 发票, 發票, 退款, 转账, 账单, 帳單, 扣款, 补贴"
    ),
    "parcel": (
        "your package, your parcel, your shipment, delivery attempt, could not be delivered, unable to deliver, failed delivery, delivery failed, "
        "missed delivery, customs fee, shipping fee, delivery fee, redelivery, reschedule delivery, schedule your delivery, tracking number, "
        "waiting for delivery, held at, incomplete address, "
        "ihr paket, ihre sendung, zustellung, zollgebuhr, sendungsverfolg, lieferung konnte, versandkosten, "
        "votre colis, livraison, frais de douane, suivi de, n a pas pu etre livre, frais d expedition, "
        "su paquete, su envio, tasas de aduana, no pudo ser entregad, gastos de envio, entrega pendiente, "
        "sua encomenda, seu pacote, taxa alfandegaria, objeto foi, entrega nao, rastre, "
        "il tuo pacco, il suo pacco, spedizione, spese doganali, consegna, in giacenza, "
        "uw pakket, je pakket, bezorg, douanekosten, verzendkosten, "
        "twoja paczka, paczk, przesylk, doplat, dostaw, "
        "kargo, paketiniz, teslimat, gumruk, "
        "посылк, доставк, таможен, отправлени, "
        "お荷物, 配達, 不在, 宅配, 再配達, お届け, "
        "包裹, 快递, 快遞, 派送, 配送, 海关"
    ),
    "wins": (
        "you have won, you won, winner, congratulations, prize, lottery, sweepstake, free gift, gift card, claim your, claim now, reward, you have been selected, "
        "been chosen, exclusive reward, loyalty, survey, bonus, free spins, jackpot, award, complete the survey, answer a few questions, "
        "gewonnen, gewinn, gluckwunsch, gutschein, geschenkkarte, umfrage, pramie, ausgewahlt, "
        "vous avez gagne, felicitations, gagnant, cadeau, carte cadeau, sondage, recompense, gros lot, tirage au sort, "
        "ha ganado, felicidades, ganador, premio, tarjeta regalo, encuesta, recompensa, sorteo, "
        "voce ganhou, parabens, premio, sorteio, cupom, brinde, pontos, resgat, "
        "hai vinto, congratulazioni, premio, buono, sondaggio, vincitore, omaggio, "
        "gewonnen, gefeliciteerd, prijs, cadeaubon, cadeaukaart, enquete, winnaar, "
        "wygrales, wygrana, gratulacje, nagrod, bon podarunk, ankiet, "
        "kazandiniz, tebrikler, odul, hediye, anket, cekilis, "
        "вы выиграли, поздравля, приз, подарок, выигрыш, розыгрыш, опрос, бонус, "
        "当選, おめでとう, プレゼント, 特典, ポイント, 懸賞, ギフト, "
        "中奖, 恭喜, 奖品, 礼品, 礼物, 抽奖, 优惠券, 积分"
    ),
    "inherits": (
        "next of kin, inheritance, beneficiary, late husband, late client, deceased, million dollars, million usd, million united states, million pounds, "
        "million euro, fund transfer, unclaimed fund, compensation fund, donation, donate, god bless, humanitarian, foreign partner, business proposal, "
        "mutual benefit, investment proposal, investment opportunit, barrister, diplomat, consignment, trust fund, "
        "strictly confidential, utmost confidence, widow, orphan, cancer, charity, "
        "erbschaft, begunstigt, spende, verstorben, geschaftsvorschlag, "
        "heritage, beneficiaire, defunt, faire un don, proposition d affaire, "
        "herencia, beneficiario, fallecid, donacion, propuesta de negocio, "
        "heranca, falecid, doacao, proposta de negocio, "
        "eredita, defunt, donazione, proposta di affar, "
        "erfenis, begunstigde, overleden, donatie, "
        "spadek, beneficjent, zmarl, darowizn, "
        "miras, bagis, vefat, "
        "наследств, бенефициар, покойн, пожертвован, деловое предложение, "
        "遺産, 寄付, 受益者, 遗产, 受益人, 捐赠, 已故"
    ),
    "coins": (
        "bitcoin, btc, ethereum, crypto, wallet, metamask, coinbase, binance, blockchain, airdrop, usdt, token sale, seed phrase, staking, nft, ledger, "
        "trezor, mining, "
        "kryptowahrung, cryptomonnaie, criptomoneda, criptomoeda, criptovalut, kryptowalut, kripto para, криптовалют, биткоин, 仮想通貨, 暗号資産, ビットコイン, 加密货币, 比特币, 钱包"
    ),
    "extorts": (
        "recorded you, your webcam, video of you, your device was, i hacked, i have hacked, hacked your, infected your, malware on your, trojan, spyware, adult site, "
        "porn, masturbat, pleasuring, contact list, all your contacts, your contacts, your dirty, send this video, keep silent, your secret, "
        "gehackt, webcam, aufgenommen, kontakte senden, pirate votre, votre camera, hackeado, su camara, hackeei, sua camera, hackerato, tua webcam, gehackt, uw webcam, "
        "zhakowa, kamerk, взломал, веб камер, ハッキング, カメラ, 黑客, 摄像头"
    ),
    "opens": (
        "see attached, see the attach, open the attach, attached file, attached document, attached invoice, find attached, enclosed, attachment, enable content, "
        "enable editing, enable macros, download the file, download document, download the attach, view document, view the document, shared document, shared a file, "
        "shared with you, document shared, review document, review and sign, e sign, sign document, view file, "
        "im anhang, anhang, anbei, beigefugt, dokument offnen, herunterladen, "
        "ci joint, piece jointe, en piece, telecharger, document partage, "
        "adjunto, archivo adjunto, descargar, ver documento, documento compartido, "
        "em anexo, anexo, baixar, visualizar documento, arquivo, "
        "in allegato, allegato, scarica, documento condiviso, "
        "bijlage, bijgevoegd, downloaden, document bekijken, "
        "zalaczni, pobierz, dokument, "
        "ekte bulabil, ekli dosya, dosyayi indir, "
        "вложени, прикрепл, скачать, открыть документ, "
        "添付, ダウンロード, 附件, 下载, 下載, 查看文件"
    ),
    "clicks": (
        "click here, click below, click the link, click on the link, click the button, click link, follow the link, follow this link, link below, button below, "
        "visit the link, tap here, use the link, by clicking, press here, go to the link, "
        "klicken sie, hier klicken, auf den link, folgenden link, link unten, "
        "cliquez ici, cliquez sur, lien ci dessous, suivant le lien, en cliquant, "
        "haga clic, clic aqui, click aqui, siguiente enlace, enlace de abajo, pulse aqui, pinche aqui, "
        "clique aqui, clique no, clicando, link abaixo, "
        "clicca qui, cliccando, clicchi, link qui sotto, seguente link, "
        "klik hier, klik op, onderstaande link, via de link, "
        "kliknij, klikajac, ponizszy link, klikniec, "
        "tiklayin, tiklayiniz, buraya tikla, baglantiya, "
        "нажмите, перейдите по, по ссылке, кликните, "
        "こちら, クリック, 下記のリンク, リンクから, "
        "点击, 點擊, 点此, 链接, 連結, 按此"
    ),
    "state": (
        "tax refund, tax return, internal revenue, irs, hmrc, revenue service, customs, court, lawsuit, subpoena, traffic ticket, parking fine, penalty charge, police, "
        "social security admin, stimulus, government, "
        "steuererstattung, finanzamt, steuerbescheid, bussgeld, gericht, zoll, "
        "impots, amende, contravention, tribunal, assurance maladie, carte vitale, securite sociale, antai, "
        "hacienda, agencia tributaria, multa, juzgado, dgt, seguridad social, "
        "receita federal, multa de transito, cpf, imposto, detran, intimacao, gov br, "
        "agenzia delle entrate, multa, tribunale, inps, rimborso fiscale, "
        "belastingdienst, belastingteruggave, boete, cjib, mijnoverheid, digid, rechtbank, "
        "urzad skarbowy, podat, mandat karn, zus skladk, sad rejon, "
        "vergi iade, trafik ceza, e devlet, sgk, mahkeme, "
        "налог, штраф, госуслуг, суд, гибдд, "
        "税務署, 国税庁, 還付, 税金, 税务, 退税, 罚款, 法院, 社保"
    ),
    "boss": (
        "are you available, are you at your desk, quick task, quick favor, quick favour, handle this discreetly, confidential matter, purchase gift cards, itunes card, "
        "google play card, steam card, scratch the, send me the codes, i am in a meeting, in a meeting right now, reply with your number, your cell number, "
        "personal number, whatsapp number, change my direct deposit, change of bank, new bank account, updated bank details, payroll, vendor payment, "
        "sind sie verfugbar, vertraulich, gutscheinkarten, bankverbindung geandert, etes vous disponible, confidentiel, esta disponible, confidencial, "
        "voce esta disponivel, e disponibile, riservat, bent u beschikbaar, vertrouwelijk, czy jestes dostepn, poufn, musait misiniz, gizli, вы на месте, конфиденциальн, "
        "在吗, 方便吗, 工资"
    ),
}
"""Topic -> phrases, folded as ``features.mail_text`` folds a text."""


@cache
def phrases() -> dict[str, str]:
    """Return pattern -> topic; a pattern in letters with spaces begins with one."""
    pairs = [(p.strip(), topic) for topic, listed in PHRASES.items() for p in listed.split(",")]
    spelt = (
        pl.DataFrame({"p": [p for p, _ in pairs]}).select(plain(folded(pl.col("p"))).str.strip_chars(" ")).to_series()
    )
    return {(p if _anywhere(p) else f" {p}"): topic for p, (_, topic) in zip(spelt, pairs, strict=True) if p}


def plain(text: pl.Expr) -> pl.Expr:
    """Return folded text as words between single spaces, with one before the first."""
    return pl.format(" {} ", text.str.head(CHARS).str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" "))


def topics(text: pl.Series) -> pl.DataFrame:
    """Return (n,) rows of ``SCHEMA``: per topic how many distinct phrases a text (``plain``) holds, ``MOST`` at most, over ``MOST``."""
    known = phrases()
    found = text.str.extract_many(list(known), overlapping=True).list.unique(maintain_order=True)
    long = (
        pl.DataFrame({"phrase": found}).with_row_index("row").explode("phrase", keep_nulls=False, empty_as_null=False)
    )
    long = long.with_columns(
        topic=pl.col("phrase").replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
    )
    told = long.group_by("row").agg(
        *(((pl.col("topic") == t).sum().clip(upper_bound=MOST) / MOST).cast(pl.Float32).alias(t) for t in TOPICS),
        pl.col("phrase").str.strip_chars(" ").head(8).alias("phrases"),
    )
    rows = pl.DataFrame({"row": pl.int_range(len(text), eager=True, dtype=pl.UInt32)})
    return (
        rows.join(told, on="row", how="left", maintain_order="left")
        .drop("row")
        .with_columns(pl.col(list(TOPICS)).fill_null(0.0))
        .cast(SCHEMA)
    )


def _anywhere(phrase: str) -> bool:
    """Say whether a phrase is of a script that sets no spaces."""
    return any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in phrase)
