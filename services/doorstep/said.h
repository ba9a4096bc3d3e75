/* SPDX-License-Identifier: MIT
 *
 * What the command line says when something is wrong, for cli_fail: English, Chinese. Both are
 * formats of the same arguments in the same order, so the compiler checks both. */
#ifndef DOORSTEP_SAID_H
#define DOORSTEP_SAID_H

/* ---- wrong usage ---- */

#define SAID_NO_SUCH_COMMAND                                                                       \
    "there is no command %s; see doorstep --help", "没有命令 %s;请看 doorstep --help"
#define SAID_OPTION                                                                                \
    "unknown or incomplete option %s; see doorstep %s --help",                                     \
        "选项 %s 未知或不完整;请看 doorstep %s --help"
#define SAID_ARGUMENTS "wants %s; see doorstep %s --help", "应给出 %s;请看 doorstep %s --help"
#define SAID_NO_ARGUMENTS                                                                          \
    "wants no arguments; see doorstep %s --help", "不带参数;请看 doorstep %s --help"
#define SAID_NOT_UTF8     "argument %d is not UTF-8", "第 %d 个参数不是 UTF-8"
#define SAID_DIR_TOO_LONG "--dir wants a path of at most %zu bytes", "--dir 的路径至多 %zu 字节"
#define SAID_CURSOR                                                                                \
    "--after wants a cursor that this command printed", "--after 应为本命令打印过的游标"
#define SAID_OUT "say where to: --out DIR", "请用 --out DIR 说明写到哪里"
#define SAID_ONLY_A_PAGE                                                                           \
    "--for and --lang go with --page or --story", "--for 和 --lang 与 --page 或 --story 同用"
#define SAID_FOR  "--for wants staff or customer", "--for 应为 staff 或 customer"
#define SAID_LANG "--lang wants zh or en", "--lang 应为 zh 或 en"
#define SAID_ONLY_A_PROOF                                                                          \
    "%s is no proof (`doorstep prove`): --seal and --head are for one, with --recorded",           \
        "%s 不是证明(`doorstep prove`):--seal 和 --head 只用于证明,并须有 --recorded"
#define SAID_DIGEST                                                                                \
    "%s wants 64 hex digits, as `doorstep prove` prints them",                                     \
        "%s 应为 64 位十六进制数字,如 `doorstep prove` 所打印"
#define SAID_OUT_OF_EXPORT                                                                         \
    "%s has no MANIFEST, so it is no proof; for exported journals say where the results go: "      \
    "--out DIR",                                                                                   \
        "%s 中没有 MANIFEST,不是证明;如为导出的日志,请用 --out DIR 说明结果写到哪里"
#define SAID_NOT_OF_RECORDED                                                                       \
    "%s is for a file of commands; it does not go with --recorded",                                \
        "%s 只用于命令文件,不与 --recorded 同用"
#define SAID_RECORDED_DIR                                                                          \
    "%s is a directory: of exported journals, or a proof, say --recorded",                         \
        "%s 是目录:如为导出的日志或证明,请加 --recorded"
#define SAID_PAGE_ALONE                                                                            \
    "--page - prints the page; with --story or --json it needs a file",                            \
        "--page - 直接打印页面;与 --story 或 --json 同用时须给出文件"
#define SAID_PROVE_WHAT                                                                            \
    "%s is no key of a ledger entry; they look like 7.1/person:wang/T007-6/dispatch#1; the cause " \
    "alone does (T007-6/dispatch#1) if one entry has it",                                          \
        "%s 不是账目的键;键形如 7.1/person:wang/T007-6/dispatch#1;"                       \
        "只有一笔账目时,也可只写其事由(T007-6/dispatch#1)"
#define SAID_PROVE_WHICH                                                                           \
    "%s is the cause of %zu entries; say which", "%s 是 %zu 笔账目的事由;请写明哪一笔"
#define SAID_UNTIL "--until wants an RFC 3339 instant", "--until 应为 RFC 3339 时刻"
#define SAID_TICKET_ID                                                                             \
    "%s is no ticket id; they look like T007-123", "%s 不是服务单号;服务单号形如 T007-123"
#define SAID_UNANSWERED   "wants --unanswered", "请给出 --unanswered"
#define SAID_DATE         "--date wants YYYY-MM-DD", "--date 应写作 YYYY-MM-DD"
#define SAID_MANY_TICKETS "--tickets takes %d ids at most", "--tickets 至多 %d 个服务单号"
#define SAID_RETURN_WORDS "knows only `return check`", "只有 `return check`"
#define SAID_UNKNOWN_CATEGORY                                                                      \
    "the directory has no category %s: its guarantee is that of other products",                   \
        "名录中没有产品类别 %s:三包有效期按其他产品计算"
#define SAID_BESIDE_A_FILE                                                                         \
    "%s beside a file; say all of it there", "%s 不能与文件同用;请都写在文件里"
#define SAID_LEDGER_WORDS                                                                          \
    "knows only `ledger` and `ledger verify`", "只有 `ledger` 和 `ledger verify`"
#define SAID_WHICH_SHEET "wants --territory and --month", "请给出 --territory 和 --month"
#define SAID_WHOSE       "say whose: --account person:wang", "请用 --account 说明是谁的,如 person:wang"
#define SAID_ONE_OF_WHOSE                                                                          \
    "--person and --account do not go together", "--person 与 --account 不能同用"
#define SAID_MONTH "--month wants YYYY-MM", "--month 应写作 YYYY-MM"
#define SAID_REPORT_WORDS                                                                          \
    "%s: expected daily, weekly, monthly or annual", "%s:应为 daily、weekly、monthly 或 annual"
#define SAID_REPORT_WHEN  "%s: say which with %s", "%s:请用 %s 说明"
#define SAID_REPORT_WRONG "%s %s: expected %s", "%s %s:应为%s"
#define SAID_REPORT_MONDAY                                                                         \
    "--week %s is a %s: expected its Monday, %04d-%02d-%02d",                                      \
        "--week %s 是%s:应为该周星期一,即 %04d-%02d-%02d"
#define SAID_REPORT_OTHER "%s goes by %s, not by %s", "%s 用 %s,不用 %s"
#define SAID_ONE_FORM     "expected --csv or --json, not both", "--csv 与 --json 只能选一个"
#define SAID_RULES_OF_A_FILE                                                                       \
    "--rules is for a FILE of commands: %s has its own", "--rules 只用于命令文件:%s有自己的规则"
#define SAID_PARTITIONS "--partitions wants 1..%d", "--partitions 应为 1..%d"
#define SAID_RULEBOOK_WORDS                                                                        \
    "knows only `rulebook check`, `rulebook list`, `rulebook show [N]` and `rulebook diff`",       \
        "只有 `rulebook check`、`rulebook list`、`rulebook show [N]` 和 `rulebook diff`"
#define SAID_DIFF_WORDS                                                                            \
    "wants two versions: rulebook diff OLD NEW", "请给出两个版本:rulebook diff OLD NEW"
#define SAID_NO_SUCH_VERSION "there is no version %d here", "没有版本 %d"
#define SAID_NO_DIRECTORY_BESIDE                                                                   \
    "no directory.yaml beside %s, nor with the other rules",                                       \
        "%s 旁边没有 directory.yaml,另一套规则也没有"
#define SAID_CHANGE         "- %s (for %s)\n", "- %s(涉及:%s)\n"
#define SAID_RULES_THE_SAME "The two judge alike: nothing changes.\n", "两者判定相同,没有变化。\n"
#define SAID_WOULD_COST                                                                            \
    "    %s: %zu entries, %s yuan -> %zu entries, %s yuan\n",                                      \
        "    %s:%zu 笔 %s 元,现 %zu 笔 %s 元\n"
#define SAID_WOULD_PAY                                                                             \
    "    by the piece: %zu jobs, %s yuan -> %s yuan\n", "    计件:%zu 单 %s 元,现 %s 元\n"
#define SAID_COST_TOGETHER                                                                         \
    "Figures: the recorded rules, then all changes together; people as they were. Beside a "       \
    "change\n"                                                                                     \
    "stands only what no other change bears on.\n",                                                \
        "金额:原记录的规则,与全部变化合计;人员照旧。某项变化旁只列不受其他变化影响的金额。\n"
#define SAID_FROM                                                                                  \
    "--from wants a day like 2007-04-01 or an RFC 3339 instant",                                   \
        "--from 应为日期(如 2007-04-01)或 RFC 3339 时刻"
#define SAID_WHICH_RULEBOOK                                                                        \
    "say which rules: --rulebook FILE", "请用 --rulebook FILE 说明按哪套规则"
#define SAID_TERRITORY_GONE                                                                        \
    "territory %s is not in the new directory with its partition: its tickets would have no "      \
    "hours",                                                                                       \
        "新目录中没有片区 %s 或分区不同:其服务单无从判定"
#define SAID_CLOCK_WORDS "knows only `clock accept`", "只有 `clock accept`"
#define SAID_BY          "say who activates it: --by PERSON", "请用 --by PERSON 说明由谁启用"
#define SAID_CLOCK                                                                                 \
    "--clock wants real, step or a factor like 600x", "--clock 应为 real、step 或如 600x 的倍数"
#define SAID_ADDRESS "Pages: http://127.0.0.1:%d/\n", "网页:http://127.0.0.1:%d/\n"
#define SAID_ONCE    "--once needs --play FILE", "--once 需要 --play FILE"
#define SAID_NEEDS_RULES                                                                           \
    "the first start needs --rules DIR (deploy/ has an example)",                                  \
        "第一次启动需要 --rules DIR(deploy/ 有例子)"
#define SAID_NO_RULES_BESIDE                                                                       \
    "no rulebook.yaml beside %s; say --rules DIR", "%s 旁边没有 rulebook.yaml;请给出 --rules DIR"

#define SAID_USERS_WORDS                                                                           \
    "knows list, new NAME, password NAME, disable NAME, enable NAME and role NAME ROLE",           \
        "只有 list、new NAME、password NAME、disable NAME、enable NAME、role NAME ROLE"
#define SAID_KEYS_WORDS   "knows list, new NAME and revoke NAME", "只有 list、new NAME、revoke NAME"
#define SAID_USERS_WANTED "%s: wants %s", "%s:要求:%s"
#define SAID_NOT_THE_SAME "that was not the same password", "两次输入的密码不同"
#define SAID_NO_PERSON    "%s/directory.yaml has no person %s", "%s/directory.yaml 中没有人员 %s"
#define SAID_KEY_ONCE     "It is not shown again.\n", "此密钥不再显示。\n"

/* ---- files ---- */

#define SAID_FILE      "%s: %s", "%s:%s"
#define SAID_TOO_LARGE "%s: larger than %zu bytes", "%s:超过 %zu 字节"
#define SAID_NOT_PLAIN "%s: not an ordinary file", "%s:不是普通文件"
#define SAID_NOT_WRITTEN                                                                           \
    "%s: not all of it could be written; is the disk full?", "%s:没有全部写入;磁盘满了吗?"
#define SAID_NOT_PRINTED                                                                           \
    "not everything could be printed: standard output did not take it",                            \
        "没有全部输出:标准输出无法写入"
#define SAID_CANNOT_WRITE "%s cannot be written: %s", "无法写入 %s:%s"
#define SAID_OUTPUT       "the output could not be written: %s", "无法写出结果:%s"
#define SAID_IN_DIR       "%s/%s: %s", "%s/%s:%s"
#define SAID_OLD_IDS                                                                               \
    "%s goes by line numbers, as versions before this one wrote it; which lines it means cannot "  \
    "be told any more. Remove it if none of them has to be sent again",                            \
        "%s 按行号记录(旧版本所写),已无法判断所指的行;如无须重发,请删除它"
#define SAID_NO_LINES      "%s: no commands", "%s:没有命令"
#define SAID_DAMAGED       "%s: byte %zu: %s", "%s:第 %zu 字节:%s"
#define SAID_NOT_A_BATCH   "not a batch", "不是一个批次"
#define SAID_BATCH_ZH      "批次已损坏" /* beside ds_batch_fault_name */
#define SAID_FOREIGN_BATCH "a batch of another journal", "另一个日志的批次"
#define SAID_EMPTY_BATCH   "an empty batch", "空批次"
#define SAID_HEADER        "not an export header of a known format", "不是已知格式的导出文件头"
#define SAID_NO_EXPORT     "not an exported journal", "不是导出的日志"
#define SAID_CUT           "cut short", "不完整"
#define SAID_NO_VERSION    "%s: not a version that compiles", "%s:不是能够编译的规则版本"
#define SAID_VERSION_TWICE                                                                         \
    "%s: there are two files for version %u; keep the one of this run",                            \
        "%s:版本 %u 有两个文件;只留本次的"
#define SAID_VERSION_FOREIGN                                                                       \
    "%s: version %u is not the one that was in force, %.12s...: are these journals of several "    \
    "runs?",                                                                                       \
        "%s:版本 %u 不是当时执行的版本 %.12s…:是否混入了其他运行的日志?"
#define SAID_NOT_NEXT "does not follow the batch before it", "与前一批不相接"
#define SAID_VERSION_MISSING                                                                       \
    "%s/versions: %u-%.12s.version is missing; events were judged by it",                          \
        "%s/versions:缺少 %u-%.12s.version,有事件按它判定"
#define SAID_UNREADABLE  "%s: cannot be read", "%s:无法读取"
#define SAID_NO_JOURNALS "%s: no exported journals", "%s:没有导出的日志"
#define SAID_MISSING     "%s: %s-p%03u.journal is missing", "%s:缺少 %s-p%03u.journal"
#define SAID_DIFFERS                                                                               \
    "%zu ledger rows differ (- recorded, + judged again)", "账本有 %zu 行不同(- 为记录,+ 为重判)"

#define SAID_PROOF_THERE                                                                           \
    "%s is there already; a proof wants a new directory", "%s 已存在;证明要写入新目录"
#define SAID_NOT_BOOKED                                                                            \
    "%s is not a line of the ledger; `doorstep ledger --csv` has their keys",                      \
        "%s 不是账本中的一笔;键见 `doorstep ledger --csv`"
#define SAID_MANIFEST_LINE                                                                         \
    "%s/MANIFEST: bytes %zu-%zu: line %u was changed", "%s/MANIFEST:第 %zu-%zu 字节:第 %u "    \
                                                       "行被改动"
#define SAID_MANIFEST_SEAL                                                                         \
    "%s/MANIFEST: its lines are not those that were sealed: some were left out, added or moved",   \
        "%s/MANIFEST:各行与封印不符:有行被删、被加或被移动"
#define SAID_PIECE_CHANGED "%s/%s: bytes %zu-%zu were changed: %s", "%s/%s:第 %zu-%zu 字节被改动:%s"
#define SAID_PIECE_CUT     "%s/%s: cut short at byte %zu: %s", "%s/%s:在第 %zu 字节处被截断:%s"
#define SAID_PIECE_MORE                                                                            \
    "%s/%s: from byte %zu on there are %zu too many", "%s/%s:第 %zu 字节起多出 %zu 字节"
#define SAID_NOT_LISTED "%s/%s: does not belong to this proof", "%s/%s:不属于本证明"
#define SAID_OTHER_SEAL "this proof has the seal %s", "本证明的封印是 %s"
#define SAID_NO_MANIFEST                                                                           \
    "%s: MANIFEST is missing; without it this proof proves nothing",                               \
        "%s:缺少 MANIFEST,这份证明因此无效"
#define SAID_OTHER_VERSION                                                                         \
    "%s: rulebook version %u is not the one that was activated", "%s:规则版本 %u "             \
                                                                 "不是当时启用的版本"
#define SAID_NO_CHAIN     "%s: no chain", "%s:没有哈希链"
#define SAID_CHAIN_BROKEN "%s: the chain is broken at position %llu", "%s:哈希链在第 %llu 位断裂"
#define SAID_HEAD_UNKNOWN                                                                          \
    "%s is no hash of this chain from the entry on", "%s 不是本链自该笔账目起的任何一个哈希"
#define SAID_HEAD_LISTED                                                                           \
    "%s is listed as position %llu of the chain, but the lines up to it are not in this proof: "   \
    "`doorstep prove --to-head`",                                                                  \
        "%s 列为链的第 %llu 位,但其间各笔不在此证明中:请用 `doorstep prove --to-head`"
#define SAID_IMPOSSIBLE                                                                            \
    "%s: no services can have said what stands there", "%s:各服务不可能说过其中的内容"
#define SAID_NO_ENTRY_HERE "the line %s is not among the events", "事件中没有账目 %s"
#define SAID_VERDICT_DIFFERS                                                                       \
    "%s: %s #%u is judged otherwise than recorded (%s/p%03u/%llu)",                                \
        "%s:%s #%u 的判定与记录不同(%s/p%03u/%llu)"

/* ---- nothing there ---- */

#define SAID_NO_INSTALLATION                                                                       \
    "no installation in %s; `doorstep up` makes one", "%s 中没有安装;`doorstep up` 会建立"
#define SAID_CONF "%s cannot be used", "%s 不能使用"
#define SAID_NO_CLAUSE                                                                             \
    "the rulebook has no clause %s, nor a clock of that name", "规则里没有第 %s 条,也没有这个时限"
#define SAID_NO_RULES_YET                                                                          \
    "no rulebook is active yet; say --rules DIR", "还没有启用规则;请给出 --rules DIR"
#define SAID_SUM_TOO_LARGE "%s: a sum is too large to be told", "%s:合计过大,无法表示"
#define SAID_NO_SHEET      "no sheet was drawn: %s, %u", "没有抽取调查表:%s,%u"
#define SAID_NOTHING_YET                                                                           \
    "no rules are in force yet: nothing to report", "尚未启用规则,没有可报告的内容"
#define SAID_NO_TERRITORY "the directory has no territory %s", "目录中没有片区 %s"
#define SAID_NO_REASON                                                                             \
    "no delay has the reason %s: parts, major_repair, customer, other",                            \
        "延迟没有原因 %s:parts、major_repair、customer、other"
#define SAID_OPEN_ALONE                                                                            \
    "--open lists all that wait; it goes with neither --model nor --symptom",                      \
        "--open 列出全部待分析的案例,不与 --model、--symptom 合用"
#define SAID_NO_TICKET "there is no ticket %s", "没有服务单 %s"
#define SAID_NO_LIVE_TICKET                                                                        \
    "no live ticket %s; see doorstep explain %s", "没有在办的服务单 %s;请看 doorstep explain %s"
#define THINGS_EN                                                                                  \
    "what can be explained is a ticket (T007-123), a call (pbx-1), a technician's day "            \
    "(wang/2007-03-01), a ledger entry (7.1/person:wang/T007-6/dispatch#1, or its cause "          \
    "alone), a clause (7.6) and a clock (visit, P2.1)"
#define THINGS_ZH                                                                                  \
    "可以说明的有:服务单(T007-123)、来电(pbx-1)、"                                    \
    "技术员的某一天(wang/2007-03-01)"                                                       \
    "、账目(7.1/person:wang/T007-6/dispatch#1,或只写其事由)"                              \
    "、条款(7.6)和时限(visit、P2.1)"
#define SAID_NOTHING "nothing here is called %s; " THINGS_EN, "这里没有 %s;" THINGS_ZH
#define SAID_NOTHING_NEAR                                                                          \
    "nothing here is called %s; did you mean %s; " THINGS_EN, "这里没有 %s;是不是 %s;" THINGS_ZH
#define SAID_NAMES_NOTHING "\"%s\" names nothing; " THINGS_EN, "“%s”什么也不是;" THINGS_ZH
#define SAID_NO_DAY_WORK                                                                           \
    "%s: that day he was at no customer's and reported nothing", "%s:那一天他没有上门,也没有汇报"
#define SAID_NOT_HIS "there is no %s that concerns %s", "没有 %s,或与 %s 无关"
#define SAID_NOBODY                                                                                \
    "%s is neither a person nor an account like outlet:qihe",                                      \
        "%s 既不是人员,也不是如 outlet:qihe 的账户"
#define SAID_WHICH_WHOSE                                                                           \
    "%s is a person and an outlet; say person:%s or outlet:%s",                                    \
        "%s 既是人员又是网点;请写明 person:%s 或 outlet:%s"

/* ---- the store ---- */

#define SAID_NO_REDIS           "Redis does not answer at %s", "Redis 在 %s 没有应答"
#define SAID_LOADING            "Redis at %s is still loading; try again", "Redis(%s)仍在载入数据,请稍后再试"
#define SAID_NO_TIME            "Redis does not tell the installation's time", "Redis 没有给出安装的时间"
#define SAID_REDIS              "Redis: %s", "Redis 报告:%s"
#define SAID_REDIS_WENT         "Redis went away", "Redis 已断开"
#define SAID_REDIS_CLOCK        "Redis does not take the clock", "Redis 不接受时钟设置"
#define SAID_ENDS_EARLY         "the journal of %s ends before its tail", "%s 的日志在应有的末尾之前中断"
#define SAID_VERSION_UNREADABLE "version %s cannot be read", "规则版本 %s 无法读取"
#define SAID_VERSION_STORED     "stored version %u does not compile", "保存的规则版本 %u 不能编译"
#define SAID_CORRUPT            "journal %s/p%03u: entry %s is corrupt", "日志 %s/p%03u:条目 %s 已损坏"
#define SAID_NO_BATCH                                                                              \
    "the journal %s/p%03u cannot be read at %llu", "日志 %s/p%03u 在 %llu 处无法读取"

/* ---- services ---- */

#define SAID_NO_INTAKE "no answer from intake", "intake 没有应答"
#define SAID_NO_RECEIPTS                                                                           \
    "no answer from intake; the lines not answered may be sent again as they are",                 \
        "intake 没有应答;没有回执的行可以原样重发"
#define SAID_SILENT       "%s does not answer", "%s 没有应答"
#define SAID_LINE_REFUSED "%s%s: %s", "%s%s:%s" /* FILE:LINE:, a code and its sentence */
#define SAID_REFUSED      "%s: %s", "%s: %s"    /* a code and its sentence */
#define SAID_RECEIPT      "%s", "%s"
#define SAID_STANDS       "the services do not follow", "各服务没有跟上"
#define SAID_NOT_STEP                                                                              \
    "the installation does not follow; is its clock stepped?", "安装没有跟上;它的时钟是 step 吗?"

/* ---- starting ---- */

#define SAID_FOREIGN_DIR                                                                           \
    "%s is not empty and has no doorstep.yaml, so it is no data directory of Doorstep. Nothing "   \
    "in it was changed; --dir wants an empty or a new one",                                        \
        "%s 不是空目录,里面又没有 doorstep.yaml,不是 Doorstep 的数据目录。"      \
        "未作任何改动;请用 --dir 指定空目录或新目录"
#define SAID_DAY_NOT_KEPT "Redis does not take the day", "Redis 没有记下这一天"
#define SAID_NO_PROGRAM   "cannot find my own program", "找不到自己的程序文件"
#define SAID_DATA_IN_USE  "%s is in use by another `doorstep up`", "%s 正被另一个 `doorstep up` 使用"
#define SAID_RUN_IN_USE                                                                            \
    "%s is in use by another installation; is doorstep.yaml of %s a copy? Give it a `run` of "     \
    "its own",                                                                                     \
        "%s 正被另一个安装使用;%s 的 doorstep.yaml 是复制来的吗?请给它单独的 `run`"
#define SAID_RUN_MODE                                                                              \
    "%s must be a directory of yours with mode 0700", "%s 必须是您自己的目录,权限 0700"
#define SAID_SOCKET_DIR "cannot make a directory for sockets: %s", "无法建立放套接字的目录:%s"
#define SAID_NO_REDIS_SERVER                                                                       \
    "redis-server is not installed; deploy/install-packages run does that",                        \
        "没有安装 redis-server;请运行 deploy/install-packages run"
#define SAID_NO_SERVICE                                                                            \
    "%s: %s; the services are built beside this program", "%s:%s;各服务应与本程序在同一目录"
#define SAID_REDIS_NOT_STARTED                                                                     \
    "redis-server did not start; see %s/redis.log", "redis-server 没有启动;请看 %s/redis.log"
#define SAID_REDIS_MUTE                                                                            \
    "redis-server does not answer; see %s/redis.log", "redis-server 没有应答;请看 %s/redis.log"
#define SAID_ENDED     "%s ended with status %d; see %s/%s.log", "%s 以状态 %d 结束;请看 %s/%s.log"
#define SAID_NOT_READY "%s does not become ready; see %s/%s.log", "%s 没有就绪;请看 %s/%s.log"

/* ---- check: what is violated ---- */

#define VIOLATED_TWICE "%s stands twice: %s", "%s出现两次:%s"
#define VIOLATED_UNBOOKED                                                                          \
    "%s %s#%u: a final breach of %s was neither booked nor proposed",                              \
        "%s %s#%u:终判违反 %s,既未入账也未提议"
#define VIOLATED_UNFOUNDED "%s: booked without a final breach", "%s:没有终判违约却入账"
#define VIOLATED_CHAIN                                                                             \
    "penalty-ledger/p%03u/%llu: the chain is broken", "penalty-ledger/p%03u/%llu:哈希链断裂"
#define VIOLATED_SUM "%s: the stored sum is not that of its entries", "%s:保存的合计与账目不符"
#define VIOLATED_SUMS                                                                              \
    "%zu month sums are stored, the entries have %zu", "保存了 %zu 个月度合计,按账目应有 %zu 个"
#define VIOLATED_HOLDERS                                                                           \
    "%s: assigned while somebody holds it (dispatcher/p%03u/%llu)",                                \
        "%s:已有人持单却又派出(dispatcher/p%03u/%llu)"
#define VIOLATED_STAMP_ORDER                                                                       \
    "%s/p%03u/%llu: its stamp is before that of the event before it",                              \
        "%s/p%03u/%llu:时间戳早于前一事件"
#define VIOLATED_STAMP_MARK                                                                        \
    "%s/p%03u/%llu: its stamp is not above an earlier mark", "%s/p%03u/"                           \
                                                             "%llu:时间戳不晚于先前的标记"
#define VIOLATED_ENTRY "%s/p%03u: entry %llu: %s", "%s/p%03u:条目 %llu:%s"
#define VIOLATED_GAP   "%s/p%03u: entry %llu does not follow %llu", "%s/p%03u:条目 %llu 不接续 %llu"
#define VIOLATED_BNO                                                                               \
    "%s/p%03u: entry %llu: batch number did not rise", "%s/p%03u:条目 %llu:批次号没有增大"
#define VIOLATED_FENCED                                                                            \
    "%s/p%03u: entry %llu: written by a fenced instance", "%s/p%03u:条目 %llu:由已失效的实例写入"
#define VIOLATED_MARK     "%s/p%03u: entry %llu: the mark fell", "%s/p%03u:条目 %llu:标记倒退"
#define VIOLATED_POSITION "%s/p%03u: entry %llu: a position fell", "%s/p%03u:条目 %llu:读取位置倒退"
#define VIOLATED_TAIL                                                                              \
    "%s/p%03u: tail %s, but the journal ends at %llu", "%s/p%03u:末尾应为 %s,日志却止于 %llu"
#define VIOLATED_EPOCH "%s/p%03u: a batch of a later epoch than %s", "%s/p%03u:有批次的纪元晚于 %s"
#define VIOLATED_BEYOND                                                                            \
    "%s/p%03u has read %llu of %s, which has only %llu", "%s/p%03u 已读到 %llu(%s),后者只有 %llu"
#define VIOLATED_ENTITY "%s/p%03u: %s: %s", "%s/p%03u:%s:%s"
#define VIOLATED_DUE    "%s/p%03u: %s is due but does not exist", "%s/p%03u:%s 有期限而不存在"
#define VIOLATED_RECEIPT_EVENT                                                                     \
    "intake/p%03u: a receipt promises event %llu, which is not there",                             \
        "intake/p%03u:回执所指的事件 %llu 不存在"
#define VIOLATED_RECEIPT_TICKET                                                                    \
    "intake/p%03u: a receipt names ticket T%03u-%llu, which was never registered",                 \
        "intake/p%03u:回执所指的服务单 T%03u-%llu 从未登记"
#define VIOLATED_RECEIPT_OTHER                                                                     \
    "intake/p%03u/%llu: its receipt names another ticket",                                         \
        "intake/p%03u/%llu:其回执指的是另一服务单"
#define VIOLATED_RECEIPT_CUT "%s: a receipt is cut short", "%s:回执不完整"
#define VIOLATED_STATE_ZH    "保存的状态与期限不符,或已损坏" /* beside what ds_part_load says */

/* ---- what a command says at its end ---- */

#define SAID_CHECKED                                                                               \
    "%zu journals, %zu events: %zu violations\n", "日志 %zu 个,事件 %zu 个:违反 %zu 处\n"
#define SAID_CHAIN "%zu entries, %zu broken links\n", "账目 %zu 笔,断裂 %zu 处\n"
#define SAID_CHAIN_AT                                                                              \
    "penalty-ledger/p%03u/%llu: the chain is broken at %s\n",                                      \
        "penalty-ledger/p%03u/%llu:哈希链在 %s 处断裂\n"
#define SAID_CHAIN_HEAD "p%03u: position %zu, head %s\n", "p%03u:第 %zu 位,链头 %s\n"
#define SAID_PROVED                                                                                \
    "%s  %s yuan\n%zu files, %zu bytes in %s\nchain p%03u: position %llu of %llu\nhead %s\n"       \
    "seal %s\n",                                                                                   \
        "%s  %s 元\n%zu 个文件,%zu 字节,在 %s\n哈希链 p%03u:第 %llu 位,共 %llu 位\n" \
        "链头 %s\n封印 %s\n"
#define SAID_PROOF_HOLDS                                                                           \
    "%s  %s yuan: judged and booked the same, %zu verdicts\n%zu files, %zu bytes: nothing was "    \
    "changed\nchain p%03u: position %llu of %llu, %zu links followed\nhead %s\nseal %s\n",         \
        "%s  %s 元:判定与入账相同,判定 %zu 项\n%zu 个文件,%zu 字节:未被改动\n" \
        "哈希链 p%03u:第 %llu 位,共 %llu 位,核对 %zu 环\n链头 %s\n封印 %s\n"
#define SAID_HEAD_FOUND  "that hash is position %llu of the chain\n", "该哈希是链的第 %llu 位\n"
#define SAID_WRITTEN     "written: %s\n", "已写入:%s\n"
#define SAID_EXPORTED    "%d journals, %zu versions\n", "日志 %d 个,规则版本 %zu 个\n"
#define SAID_SAME_LEDGER "the same ledger\n", "账本相同\n"
#define SAID_ACTIVE      "active: %s\n", "已启用:%s\n"
#define SAID_SCHEDULED   "scheduled: %s\n", "已定日启用:%s\n"
#define SAID_PLAYED                                                                                \
    "%zu commands recorded, %zu duplicates, %zu rejected\n", "受理 %zu 条,重复 %zu,拒绝 %zu\n"
#define SAID_NO_ANSWER "%-16s does not answer\n", "%-16s 没有应答\n"
#define SAID_STATUS_MARK                                                                           \
    "events %llu, behind %llu, mark %s UTC\n", "事件 %llu,待读 %llu,标记 %s UTC\n"
#define SAID_STATUS_NO_MARK                                                                        \
    "events %llu, behind %llu, no mark yet\n", "事件 %llu,待读 %llu,尚无标记\n"
#define SAID_STATUS_HEAD "%-16s pid %-7u clock %-5s %s", "%-16s 进程 %-7u 时钟 %-5s %s"
#define SAID_STATUS_LIVE                                                                           \
    "live %llu (%llu bytes), deadlines armed %llu", "在办 %llu(%llu 字节),待触发期限 %llu"
#define SAID_STATUS_LATE                                                                           \
    ", late by, in ms of the wall, p50 <= %llu p99 <= %llu max %llu\n",                            \
        ",触发迟延(实际毫秒)p50 <= %llu p99 <= %llu 最大 %llu\n"
#define SAID_STATUS_COMMITS                                                                        \
    "commits %llu, us p50 <= %llu p99 <= %llu", "提交 %llu,微秒 p50 <= %llu p99 <= %llu"
#define SAID_STATUS_ALARM ", CLOCK ALARM: the wall has jumped", ",时钟告警:系统时间跳变"
#define SAID_CAUGHT_UP    "caught up", "已跟上"
#define SAID_CATCHING_UP  "catching up", "追赶中"
#define SAID_STORE        ", store: %s", ",存储:%s"

/* ---- said beside, not by cli_fail ---- */

#define SAID_MORE_PROBLEMS "... and %u more\n", "……还有 %u 处\n"
#define SAID_SET_ASIDE     "%s was set aside as %s\n", "%s 已移到 %s\n"
#define SAID_WAITING_EARLIER                                                                       \
    "waiting for processes of an earlier start to end\n", "等待上次启动的进程结束\n"
#define SAID_STILL_WAITING "still waiting for %s, %lld s\n", "仍在等待 %s,已 %lld 秒\n"
#define SAID_STILL_LOADING                                                                         \
    "still waiting for %s to load the store, %lld s\n", "仍在等待 %s 载入数据,已 %lld 秒\n"
#define SAID_ENDED_BY_SIGNAL                                                                       \
    "%s ended with signal %d; started again\n", "%s 因信号 %d 结束;已重新启动\n"
#define SAID_ENDED_AGAIN                                                                           \
    "%s ended with status %d; started again\n", "%s 以状态 %d 结束;已重新启动\n"

#endif
