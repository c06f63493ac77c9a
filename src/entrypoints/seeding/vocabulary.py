"""What synthetic images and events speak of."""

from ...core.rules import Tags

SUBJECTS = (
    ("A lighthouse on a cliff", "Leuchtturm auf der Klippe", "崖の上の灯台"),
    ("Misty mountain ranges", "Chaîne de montagnes brumeuse", "雾中的群山"),
    ("City skyline with lit windows", "Городской горизонт", "도시의 스카이라인"),
    ("Autumn forest with a path", "Bosque de otoño con sendero", "秋の森の小道"),
    ("Bauhaus poster about typography", "Plakat über Typografie", "ملصق عن الطباعة"),
    ("Planets and orbits over a desert", "Пустыня под планетами", "कक्षाएँ और रेगिस्तान"),
    ("Sailing boats in a harbour", "Bateaux dans le port", "港口的帆船"),
    ("A bowl of oranges on a table", "Tazón de naranjas", "テーブルの上のオレンジ"),
    ("Portrait of a beekeeper", "Porträt einer Imkerin", "пасечник в саду"),
    ("Field of lavender at noon", "Champ de lavande", "薰衣草田"),
    ("Snow on a farmhouse roof", "Schnee auf dem Hofdach", "농가 지붕 위의 눈"),
    ("Waves on a rocky shore", "Olas en la costa rocosa", "岩場の波"),
    ("Old market street", "Alte Marktstraße", "سوق قديم"),
    ("Desert dunes in the evening", "Дюны вечером", "रेत के टीले"),
    ("A teapot and two cups", "Théière et deux tasses", "一把茶壶和两个茶杯"),
    ("River delta from above", "Delta del río desde arriba", "上空から見た三角州"),
    ("Geometric tiles in blue", "Azulejos geométricos", "زليج أزرق"),
    ("Papercut of a village", "Scherenschnitt eines Dorfes", "剪纸村庄"),
    ("Northern lights over a lake", "Северное сияние над озером", "호수 위의 오로라"),
    ("A robot reading a newspaper", "Robot lisant le journal", "新聞を読むロボット"),
)
"""What is to be seen, in English and in two other languages or scripts."""

STYLES = (
    "golden hour",
    "at night with stars",
    "in winter, snow falling",
    "flat illustration",
    "film still",
    "watercolour",
    "wide angle",
    "soft morning light",
    "high contrast",
    "isometric",
    "pastel colours",
    "long exposure",
)
EDITS = (
    "same scene, golden hour lighting",
    "as a black and white film still",
    "more space on the left",
    "same scene at night",
    "remove the person",
    "warmer colours",
    "als Aquarell",
    "同じ場面、夜に",
)
PURPOSES = (
    "hero",
    "social",
    "newsletter",
    "cover",
    "draft",
    "approved",
    "header",
    "teaser",
    "print",
    "web",
    "frühling",
    "été",
    "осень",
    "冬",
    "사진",
    "صيف",
    "fête",
    "straße",
    "travel",
    "food",
    "tech",
    "city",
    "nature",
    "portrait",
    "abstract",
    "archive",
    "needs review",
    "client work",
    "evergreen",
    "launch",
)
TAGS = (
    Tags(max_tags=1_000).clean(
        [
            *PURPOSES,
            *(f"campaign {n}" for n in range(1, 121)),
            *(f"issue-{n:03}" for n in range(1, 251)),
        ]
    )
    or ()
)
"""The most used first."""

PROJECTS = (
    ("The Daily Tearsheet", "daily.example.com"),
    ("Kochen & Reisen", "kochen.example.com"),
    ("週刊デザイン", None),
    ("Carnet d'été", "carnet.example.com"),
)
HEADLINES = (
    "What {} taught us",
    "Five ways to see: {}",
    "{}: launch post",
    "Behind the picture: {}",
    "{} (Sonderausgabe)",
    "Newsletter: {}",
)
TYPES = ("article", "social_post", "newsletter", "podcast", "video")
MODELS = ("painter", "gpt-image-1", "gpt-image-1-mini")
