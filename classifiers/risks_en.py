"""The English half of what puts people or the shop at risk; see classifiers.risks."""

from __future__ import annotations

from classifiers.risks import Risk, english

_LAWYER = "(?:lawyers?|attorneys?|solicitors?|legal (?:counsel|team|adviser|advisor)|barrister)"
_WATCHDOG = (
    "(?:trading standards|fair trading|ombudsman|bbb|better business bureau|ftc|accc"
    "|attorney general(?:'s)?|regulators?"
    "|citizens advice|food (?:safety|standards)|health inspectors?|environmental health"
    "|advertising standards|asa"
    "|watchdog|authorit(?:y|ies)|product safety|cpsc|ico|data protection|fraud squad"
    "|consumer (?:affairs|protection|council|cent(?:er|re)|rights|ombudsman|court|forum|agency|association))"
)
_PAYER = (
    "(?:my |the |our )?(?:bank|card (?:company|issuer|provider)|credit card(?: company| provider)?"
    "|card issuer|amex|visa|mastercard|paypal|klarna)"
)
_PLACE = (
    "(?:twitter|facebook|tiktok|reddit|instagram|insta|youtube|linkedin|social media|online|everywhere"
    "|trustpilot|google|yelp|the internet)"
)
_BODY = (
    "(?:hands?|fingers?|thumb|arms?|legs?|thigh|face|foot|feet|toes?|skin|lips?|gums?|tooth|teeth|eyes?"
    "|ankle|wrist|elbow|hip"
    "|back|head|knee|mouth|tongue|throat|scalp|neck|chest|ribs?|shoulder)"
)
_HURT = (
    "(?:burn(?:ed|t|s|ing)?|scald(?:ed|s)|blister(?:ed|s|ing)?|cut|sliced|injured|hurt|broke|twisted"
    "|sprained|bruised"
    "|fractured|chipped|cracked|stung|stinging|swollen|swelled|bleeding|raw|numb|infected|blurry|itchy"
    "|shattered)"
)
_PERSON = (
    "(?:baby|child|children|kids?|toddler|sons?|daughter|mother|mum|mom|father|dad|gran\\w*|husband|wife"
    "|partner|boys?|girls?"
    "|niece|nephew|brother|sister|dog|cat|puppy|kitten|he|she|i|we|everyone)"
)
_CURRENT = (
    "(?:plug|socket|cable|charger|cord|outlet|battery|adapter|adaptor|power (?:bank|strip)|lamp|heater|dryer"
    "|hairdryer)"
)

ENGLISH: tuple[Risk, ...] = (
    english(
        "legal",
        "lawyer|attorney|solicitor|legal|barrister|sue|suing|court|claims|letter|breach|serve|serving"
        "|damages|injury|proceed|police|crime|prosecut|judge|illegal|lawsuit|compensation|charges|class"
        "|summons|subpoena",
        rf"""
        (?:my|our|a|an) {_LAWYER}\b.{{0,40}}\b(?:contact|touch|hear|cop(?:y of this|ied|ying)|advis|letter
            |writ|involved|instruct|look|say|will)
        (?:hear|heard|letter|call|mail) from (?:my|our) {_LAWYER}
        (?:to|from|by|through|with) my {_LAWYER}\b
        (?:consult|instruct|hir|see|speak|talk|contact|call|get|involv|engag)\w* (?:to |with )?(?:my|a|an
            |our|the)? ?{_LAWYER}\b
        sue (?:you|your|the|for|them)\b
        suing\b
        (?:i'll|i will|we'll|we will|going to|gonna|i can|i could|ready to) sue\b
        legal (?:action|proceedings|steps|recourse|claim|notice)
        (?:take|taking|took) (?:you|this|it|them) to (?:the )?(?:small claims |county )?court
        (?:see|meet) you in court
        in court then
        small claims
        class action
        (?:expect a|get a|served a) (?:summons|subpoena)
        summons\b
        let (?:a|the) (?:court|judge) decide
        legal (?:helpline|aid)
        letter before (?:action|claim)
        breach of contract
        (?:in|this) breach(?:es)? of? ?the
        serv(?:e|ed|ing) (?:you )?(?:with )?papers
        (?:pursu|seek|claim|su)\w* (?:for )?damages
        personal injury claim
        start proceedings
        through the courts
        (?:report|go|going|gone|went|call|contact|complain|file|filed|been|speak|spoke)\w*\b.{{0,25}}\bpolice\b
        police report
        crime (?:number|reference)
        press charges
        prosecut
        """,
        rf"{_LAWYER}\b|courts?\b|judge\b|the police\b|legal (?:advice|rights)|illegal|lawsuit|compensation"
        rf"|damages\b",
    ),
    english(
        "consumer",
        "trading|fair|ombudsman|bbb|better|ftc|accc|attorney|regulator|citizens|food|inspector|health"
        "|environmental|advertising|asa|watchdog|authority|product|safety|cpsc|consumer|report|ico|data"
        "|fraud|fda",
        rf"""
        (?:report|complain|complaint|case|contact|fil|lodg|goes|going|tak|call|notif|inform|writ|drag
            |hear)\w*\b.{{0,40}}\b{_WATCHDOG}\b
        {_WATCHDOG}\b.{{0,40}}\b(?:complain|report|case|copy|will get|told me|logging|hear|notified
            |interested|getting|involved)
        reporting (?:you|this|your)\b
        report you\b
        trading (?:standards|officers)
        consumer (?:helpline|hotline)
        (?:the )?fda (?:will|is|has|gets?|knows?)\b
        better business bureau
        """,
        r"(?:ombudsman|regulator|watchdog|ftc|bbb|consumer (?:rights|protection|cent(?:re|er)|council))\b"
        r"|reported (?:you|this)\b",
    ),
    english(
        "chargeback",
        "charge|chargeback|disput|paypal|visa|amex|mastercard|klarna|bank|card|claw|section|claim|reverse"
        "|reversing",
        rf"""
        charge ?backs?\b
        (?:i'll|will|i'm|i am|we are|i've|have|going to|gonna|or|just|already|right to|forced to
            |be) (?:\w+ )?disput(?:e|ed|ing)\b(?: \w+){{0,2}} (?:charges?|payments?|transactions?|with)\b
        disput\w* (?:this|it|every|the) (?:\w+ )?with (?:my|the) (?:bank|card)
        (?:open|rais|fil|start|lodg|submit)\w* .{{0,30}}\b(?:dispute|claim|case)\b.{{0,25}}\b(?:paypal|visa
            |mastercard|amex|bank|card|klarna)
        (?:open|rais|fil|start|lodg)\w* (?:a |an )?(?:paypal|visa|bank|card|klarna)\b.{{0,12}}\b(?:case
            |claim|dispute)
        (?:open|rais|fil|start|lodg)\w* .{{0,30}}\bdispute
        {_PAYER}\b(?:(?! you ).){{0,40}}\b(?:revers(?:e|es|ing) (?:it|the|this|that|my)|claw|stop (?:this
            |the)|block (?:this|the)|cancel (?:this|the) (?:charge|payment)|get (?:it|my money) back|dispute
            |take it back)
        claw\w* .{{0,20}}\b(?:money|payment|charge)
        revers(?:e|ing) (?:the|this|that|my) (?:payment|charge|transaction)
        section 0\b
        (?:bank|paypal|visa|mastercard|amex|card (?:company|issuer|provider))\b.{0, 12}\b(?:frozen|froze
            |is investigating|not to pay|involved)
        not received claim
        """,
        r"(?:paypal|visa|bank) (?:case|claim)\b|disput(?:e|ing)\b",
    ),
    english(
        "exposure",
        "post|share|sharing|tweet|upload|publish|going|goes|review|naming|name|shaming|public|viral|know"
        "|see|hear|find|warn|tell|press|media|news|paper|journalist|reporter|tv|follow|screenshot|expos"
        "|twitter|facebook|tiktok|reddit|insta|instagram|youtube|linkedin|social|online|trustpilot|google"
        "|yelp|internet|video|film|star|everywhere|conversation|scam|stay|adding|story|podcast|streamer"
        "|one|tell|tells|telling|0",
        r"""
        (?:i'?ll|i will|i am|i'm|we'll|we will|going to|gonna|expect|get|leav|writ
            |post)\w* .{0,25}\b(?:one|zero|bad|negative|terrible|scathing)[ -]?(?:star)? reviews?\b
        nam(?:e|ing) and sham(?:e|ing)
        (?:everyone|everybody|the papers|whole internet|whole world|the world|people
            |customers)\b.{0,30}\b(?:to|will|should|gonna|deserve to|can|must)\b.{0,12}(?:know|see|hear
            |find out)
        (?:whole internet|whole world|everyone|everybody) knows
        warn(?:ing)? (?:everyone|everybody|all my|others|people|the world|the whole internet)
        scam warning
        stay away from you
        adding my story
        my review\b.{0,25}\b(?:goes up|on trustpilot|will be very)
        (?:one|zero)[ -]star everywhere
        (?:go|going|went|contact|call|tell|speak|talk|writ|send|forward)\w* (?:to |with )?(?:(?:the|a|my|our
            |local|some) )+(?:press(?! (?:kit|pack|release|contact|team))
            |media|news|papers?|newspapers?|journalists?
            |reporters?|tv stations?)\b
        newspaper .{0,25}(?:agreed|look|story|interested)
        follow(?:ers|ing)\b.{0,30}\b(?:hear|know|see|find out|told|love this story)
        screenshots?\b.{0,40}\b(?:post|going|shar|public|online)
        (?:post|shar|put)\w* (?:this|the|our|every|all) (?:whole |entire )?(?:conversation|chat|email
            |exchange|thread|story|everything)
        expos(?:e|ing) (?:you|this|your)
        video about your .{0,30}(?:live|up|public)
        make a video (?:naming|about you|exposing)
        """,
        rf"going public|go(?:es)? viral|(?:post|shar|upload|tweet|publish|video|film|review"
        rf"|going up)\w* .{{0,40}}\b{_PLACE}\b"
        rf"|{_PLACE},? .{{0,40}}(?:post|review)|goes live|my followers|publicly|(?:0|one)[ -]star"
        rf"|tell(?:ing)? (?:every|all|the whole)|podcast|streamer|reviews,? here",
    ),
    english(
        "safety",
        "swallow|chok|hives|rash|spots|bumps|blister|welts|allerg|anaphyla|epipen|burn|scald|cut|cuts"
        "|slice|injur|hurt|broke|twist|sprain|bruis|fractur|crack|chipped|stung|sting|swell|swollen|bleed"
        "|blood|raw|numb|infected|blurr|itch|hospital|a&e|er|emergency|ambulance|urgent|smok|spark"
        "|overheat|fire|flame|flared|explod|shock|electr|melt|scorch|hot|leak|fell|landed|poison|vomit"
        "|throw|threw|sick|ill|cramps|breath|wheez|passed|unconscious|palpit|seizure|carbon|glass|metal"
        "|plastic|bone|wire|shard|sliver|needle|nail|staple|killed|died|blinded|stitches|degree|recall"
        "|doctor|surgery|bang|mouth|dizz|heart|vision|missed|nearly|around|round|buckle|harness|strap"
        "|latch|seat|seatbelt|splinter|battery|mold|mould|maggot|hazard|danger|unsafe|shattered|ate|eaten"
        "|drank|injured|scared|ripped|tore|torn|sliced|calf|shin|cheek|chin|palm|nose|eyelid|throat|chest"
        "|bright|trapped|stuck|locked|stepped|dropped|foaming|slipped|bloodshot|catch|went|blanket|pillow"
        "|mattress|towel|curtain|carpet|sheet|skin|peeling|eye|eyes|vision|about",
        rf"""
        (?:swallowed|swallowing)\b(?! (?:my|the) (?:credit |debit |bank )?card)
        chok(?:ed|ing)\b(?! hazard)
        (?:broke|broken|came|come|breaking) (?:out|up) in\b
        (?:had|has|have|having|got|suffered|triggered|caused|gave)\b.{{0,20}}\ballergic reaction
        anaphyla
        epipen
        (?:covered in|came out in|got|have|has|developed|with|from) (?:a |an |this )?(?:\w+ )?(?:rash|hives
            |blisters|welts)
        {_HURT}\b(?: \w+){{0,3}} (?:my|his|her|our|their)\b(?: \w+)? {_BODY}\b
        (?:my|his|her|our|their|a) (?:\w+ )?{_BODY}\b(?: \w+){{0,4}} {_HURT}\b
        (?:needle|nail|glass|splinter|shard|wire|staple)\w*\b.{{0,40}}\b(?:in|into|through) my {_BODY}
        (?:went|going|gone|taken|rushed|had to go|on (?:the|our) way|ended up|visit
            |trip)\b.{{0,20}}\b(?:hospital|a&e|er|emergency room|ambulance|urgent care)\b
        in (?:the )?hospital (?:with|because of|after|since|from)
        (?:started|starts|began|was|were|keeps|is) (?:smoking|sparking|overheating|burning)\b
        smoke (?:came|coming|was|started|pour\w+|bill\w+|everywhere)
        sparks? (?:came|coming|flew|flying|shot|from|out)
        caught (?:on )?fire
        (?:burst|went up|up) in(?:to)? flames
        flared up and
        (?:burning|burnt) smell
        smell\w* (?:of|like) (?:burn\w*|smoke)
        {_CURRENT}\b.{{0,30}}\b(?:melt|scorch|burn|spark|smok|swoll|swell|explod|on fire|very hot|bang\b)
        (?:swollen|leaking) (?:battery|power bank)
        battery (?:fluid|acid) leak
        (?:bottle|jar|glass|it|cooker|lid|can|phone|vape|pan|oven)\b.{{0,15}} explod
        (?:could|might|will) it explode
        (?:electric|electrical) shock
        electrocuted
        a bang and a flash
        (?:collapsed|gave way|snapped|broke|cracked|came off|came loose|sheared|opened
            |tipped)\b.{{0,40}}\b(?:fell|hurt|injur|landed|hit me|twisted|sprained|scared)
        {_PERSON}\b.{{0,25}}\b(?:fell (?:out|off|down|over|and)|landed on|was (?:hurt|injured)|throwing up
            |vomit|can'?t breathe|wheez)
        {_PERSON} had (?:it|one|them|a \w+) in (?:his|her|their) mouth
        food poisoning
        (?:been|was|were|is|are|keeps|started) (?:vomiting|throwing up|violently sick)
        made (?:me|us|him|her|them) (?:really |so |very )?(?:sick|ill)\b
        (?:stomach|abdominal) cramps
        (?:trouble|difficulty|hard time) breathing
        (?:can'?t|couldn'?t|could not) breathe
        wheezing
        passed out
        unconscious
        palpitations
        seizure
        carbon monoxide alarm
        (?:bit|bite|biting|chew\w*|ate|eating|tooth|mouth)\b.{{0,50}}\b(?:glass|metal|plastic|bone|shard|wire)\b
        (?:piece|bit|shard|sliver|fragment)s? of (?:glass|metal|plastic|wire)\b.{{0,25}}\b(?:in (?:the|my
            |our)|food|soup|bread|jar|bar|cereal)
        (?:could|would) have (?:\w+ )?(?:burn(?:ed|t)|killed|died|blinded)
        have been killed
        could have died
        nearly (?:died|choked|blinded)
        (?:four|three|two|five|six|0|needed|got) stitches
        (?:first|second|third|0nd|0rd) degree burn
        won't stop bleeding
        needed surgery
        (?:my|a|the) doctor\b.{{0,20}}\b(?:told|said|says|thinks|diagnos)
        (?:dizzy|dizziness|heart is racing|racing heart|i itch)\b
        (?:rash|welts|hives) (?:all|on|over|since|after)\b
        (?:gave|given|giving) (?:me|him|her|us|my \w+) (?:a )?(?:\w+ )?(?:rash|hives)
        (?:is|'s|was|are|been|started|still) bleeding
        sparked (?:when|as|and)
        it has blistered
        (?:ripped|tore|torn|sliced|cut) (?:open )?(?:my|his|her) (?:\w+ )?(?:calf|shin|cheek|chin|palm|nose)
        (?:calf|shin|cheek|chin|palm|nose|eyelid|throat|chest)\b.{{0,20}}\b(?:open|closed up|tight|puffy
            |bleeding|swollen|cut)
        (?:went|is|are|turned|were) bright red
        (?:trapped|stuck|locked) (?:in|inside) (?:the|his|her|our|a)
        stepped on the (?:pieces|glass|shards)
        (?:dropped dead|died) (?:after|since|when)
        (?:shaking and |and )?foaming
        landed (?:flat )?on (?:my|his|her)
        slipped and (?:\w+ )?(?:fell|hit|hurt|bruis|broke|landed|twisted)
        bloodshot
        about to catch(?: fire)?
        nearly went up
        (?:off|open) in (?:his|her|my) mouth
        (?:blanket|pillow|mattress|towel|curtain|carpet|sheet|blankets)\b.{{0,30}}\b(?:singed|browned
            |scorched|charred|burn)
        skin is peeling
        scorching hot
        vision (?:has been|is|was|got|went) blurr
        hot (?:oil|water|soup|wax|tea|coffee) .{{0,20}}\b(?:over|on|onto) (?:my|his|her)
        (?:just missed|nearly hit|fell on|landed on|round|around) (?:the|our|my|a) (?:baby|child|toddler
            |daughter|son|kid)
        {_PERSON} got (?:hurt|injured|burned|burnt)
        (?:buckle|harness|strap|latch|seat ?belt)\b.{{0,30}}\b(?:opened|came|broke|failed|snapped
            |gave)\b.{{0,40}}\b(?:baby|child|walking|driving|riding|scared)
        eyes? swell
        splinters? in the
        allergic\b.{{0,50}}\b(?:ate|eaten|drank)\b
        (?:ate|eaten|drank)\b.{{0,50}}\ballergic
        battery (?:hisses|is hissing)
        recall\b.{{0,60}}\b(?:on the list|affected|mine is|ours is|unplugged)
        """,
        r"allerg(?!.{0,60}before (?:\w+ )?(?:order|buy))|rash\b|burn(?:ed|t|ing|s)\b|on fire\b"
        r"|smoke\b(?! (?:gr[ea]y|blue|black|brown|colou?r"
        r"|alarm|detector|screen))|smoking\b|sparks\b|injur|bleeding"
        r"|hospital\b|emergency|poison"
        r"|mou?ld|maggot|vomit|threw up|got sick|made me sick|swollen|swelling|exploded|overheat|itchy"
        r"|hives|hazard|dangerous"
        r"|unsafe|recalled\b|(?:a|the|your|product|safety) recall\b|glass in\b|shards",
    ),
)
