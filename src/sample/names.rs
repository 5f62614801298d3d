//! Invented companies, people, products and sentences. Nobody is called so.

/// Customers with many small complaints; two of them abroad.
pub const REGULARS: [(&str, bool); 6] = [
    ("红狐狸电器厂", false),
    ("蓝鲸农机公司", false),
    ("三只松鸦五金行", false),
    ("白兔陀螺仪表厂", false),
    ("Purple Penguin Tools Ltd.", true),
    ("Zebra & Moon GmbH", true),
];

/// Customers who complain now and then, taken in turn.
pub const OCCASIONAL: [&str; 48] = [
    "云上仙鹤水泵厂",
    "大白鹅制冷设备公司",
    "月亮湾缝纫机厂",
    "小熊猫轴承公司",
    "北斗星灯具厂",
    "绿毛龟阀门公司",
    "花斑豹电机厂",
    "雪绒花家电公司",
    "独角兽机床厂",
    "金蟾蜍模具公司",
    "长颈鹿梯具厂",
    "白鹭水务设备公司",
    "黑天鹅音响厂",
    "梅花鹿皮具公司",
    "小黄鸭玩具厂",
    "铁甲虫紧固件公司",
    "海豚湾船舶配件厂",
    "蒲公英包装公司",
    "猫头鹰光学厂",
    "孔雀石涂料公司",
    "旱獭矿山机械厂",
    "七色鹿纺织公司",
    "蜗牛快运设备厂",
    "大角羊锅炉公司",
    "翠鸟喷雾器厂",
    "狮子山电缆公司",
    "蚂蚁巢自动化厂",
    "鲤鱼门食品机械公司",
    "啄木鸟木工机械厂",
    "刺猬针织机械公司",
    "河马塘环保设备厂",
    "企鹅岛冷链公司",
    "萤火虫照明厂",
    "骆驼铃运输设备公司",
    "鹦鹉螺潜水器材厂",
    "松鼠桥坚果机械公司",
    "穿山甲掘进机厂",
    "斑马线交通设施公司",
    "海狸坝水利机械厂",
    "鸵鸟蛋炊具公司",
    "蓝闪蝶喷涂设备厂",
    "金丝猴健身器材公司",
    "壁虎脚胶带厂",
    "火烈鸟广告器材公司",
    "丹顶鹤医疗器械厂",
    "竹节虫自行车公司",
    "雪豹岭滑雪器材厂",
    "海星湾橡胶公司",
];

pub const OCCASIONAL_ABROAD: [&str; 20] = [
    "Green Otter Pumps Inc.",
    "Flying Turtle Trading Co.",
    "Nordic Moose Industri AB",
    "Blue Yak Machinery",
    "Singing Whale Motors",
    "Golden Snail Hardware",
    "Happy Llama S.A.",
    "Silver Beetle Ltd.",
    "Crimson Koala Pty.",
    "Little Walrus Oy",
    "Paper Crane K.K.",
    "Mango Gecko Sdn. Bhd.",
    "Three Storks Sp. z o.o.",
    "Desert Fennec LLC",
    "River Tapir Ltda.",
    "Arctic Puffin ehf.",
    "Dancing Lobster B.V.",
    "Velvet Ant S.r.l.",
    "Copper Quail Tools",
    "Iron Hedgehog s.r.o.",
];

/// `（料号，品名，price of one piece in fen）`
pub const PRODUCTS: [(&str, &str, i64); 12] = [
    ("KX-100A", "小型直流电机", 4_850),
    ("KX-100B", "小型直流电机（加长轴）", 5_260),
    ("KX-220", "交流异步电机", 18_600),
    ("KX-225S", "交流异步电机（静音）", 21_400),
    ("PM-08", "微型水泵", 3_980),
    ("PM-16", "增压水泵", 9_650),
    ("PM-16H", "增压水泵（耐热）", 11_200),
    ("FN-30", "轴流风扇", 2_640),
    ("FN-45", "离心风机", 13_500),
    ("CT-5", "温度控制器", 6_720),
    ("CT-7W", "温度控制器（无线）", 9_880),
    ("GB-12", "减速齿轮箱", 26_300),
];

/// Responsible departments with how often (in a hundred) they are, their workshop and two of their people.
pub const DEPARTMENTS: [(&str, u32, [&str; 3]); 6] = [
    ("制造一部", 36, ["周小满", "吴谷雨", "陈白露"]),
    ("制造二部", 26, ["郑立夏", "王芒种", "褚秋分"]),
    ("质管部", 14, ["冯小暑", "卫寒露", "蒋霜降"]),
    ("业务部", 10, ["沈立冬", "韩小雪", "杨大寒"]),
    ("仓储科", 8, ["朱惊蛰", "秦清明", "尤雨水"]),
    ("包装科", 6, ["许处暑", "何春分", "吕夏至"]),
];

pub const WORKSHOPS: [&str; 4] = ["总装一车间", "总装二车间", "机加工车间", "绕线车间"];
pub const SHIFTS: [&str; 5] = ["1号线甲班", "1号线乙班", "2号线甲班", "2号线乙班", "3号线甲班"];
pub const WORKERS: [&str; 8] = ["施小雷", "张大鹏", "孔惊鸿", "曹望舒", "严飞廉", "华羲和", "金云师", "魏灵鹊"];
pub const SALESMEN: [&str; 5] = ["阮半枝", "蓝青黛", "苗白术", "葛连翘", "宁佩兰"];
pub const CLERK: &str = "陶半夏";
pub const REVIEWER: &str = "姜远志";

/// Handlers by station number 1 to 7.
pub const HANDLERS: [&str; 7] = ["陶半夏", "冯小暑", "周小满", "谢当归", "沈立冬", "姜远志", "韩小雪"];
/// Approvers by post from low to high.
pub const POSTS: [(&str, &str); 3] = [("业务部门经理", "钱紫苏"), ("副总经理", "孙茯苓"), ("总经理", "李决明")];

pub const QUALITY_REASONS: [&str; 10] = [
    "通电后异响，转速不稳",
    "轴端跳动超差，装配困难",
    "外壳有砂眼，打压渗水",
    "表面喷涂起泡脱落",
    "温控点偏移，客户抽检不合格",
    "绝缘电阻偏低",
    "齿轮啮合有卡滞",
    "扇叶动平衡不良，振动大",
    "端子压接松脱",
    "密封圈老化开裂",
];
pub const HUMAN_REASONS: [&str; 5] =
    ["发错型号", "少装数量，与装箱单不符", "标签贴错，客户入库被拒", "未按约定时间交货", "说明书语言版本放错"];
pub const DEMANDS: [&str; 6] =
    ["换货并分析原因", "退回不良品并扣款", "赔偿停线损失", "降价接收", "返修后重新送货", "补发短少数量，书面说明"];
pub const UNDECIDED_DEMAND: &str = "退换货，客户加工中未确定";
pub const OPINIONS: [&str; 4] = ["情况属实，建议受理", "样品已收，请质管部鉴定", "客户催得急，请优先处理", "建议先补货再查原因"];
pub const REMARKS: [&str; 6] = ["客户已电话催问", "样品在质管部 3 号柜", "同批次待排查", "附照片 4 张", "见邮件", "老客户"];
