"""The command `sizhang`: finds a command's file only when it is called, so that the help is there at once."""

from __future__ import annotations

import importlib
import keyword
import sys
import warnings
from typing import Final, TextIO

import click

from sizhang import __version__
from sizhang.cli.telling import show_fault, show_lines, wants_json
from sizhang.cli.usage import TwoLanguages, usage_fault
from sizhang.core.errors import SizhangError

# Every command's help page, in whatever file the command lives.
click.Context.formatter_class = TwoLanguages

COMMANDS: Final = {
    "read": "读报告，建承诺草稿 Read reports into draft promises",
    "numbers": "找出文中的每个数量 Find every quantity of a text",
    "review": "收回审核表，合并两位审核人 Take back review sheets and merge two reviewers",
    "init": "新建账本 Make a ledger",
    "body": "单位 Bodies",
    "person": "人员 People with an office in the ledger",
    "open": "建账 Open accounts for promises",
    "split": "分解 Divide a promise over bodies",
    "assign": "分工 Name the lead and supporting bodies",
    "claim": "交账 Claim what was done",
    "verify": "核账 Verify a claim",
    "reject": "退账 Reject a claim",
    "settle": "销账 Settle what was verified",
    "amend": "调账 Amend a promise",
    "reopen": "回账 Reopen what was settled",
    "carry-forward": "结转 Carry what is still promised into the next year",
    "expire": "逾期退账 Take back claims that nobody verified in time",
    "plan": "计划 Lay a promise over the periods of its year",
    "close-period": "结期 Close a period; what was not done is posted to what is left",
    "due": "应办 What is due now",
    "pace": "进度 How a promise stands, and what pace it needs",
    "lights": "亮灯 The light of each promise, and why",
    "forecast": "预测 The chance that the year is met",
    "errand": "交办 Errands and their clocks",
    "digest": "摘要 The one message of a day for a person",
    "burden": "负担 What bodies are asked for, in minutes a week",
    "calc": "用监测和台账数据核算 Compute from monitoring and register data what a promise is held against",
    "sample": "写出带真值的样例数据 Write sample data with known truth",
    "show": "看一项承诺 One promise",
    "balance": "查余额 What stands at each stage",
    "statement": "对账单 The account of a body",
    "history": "查流水 Every entry of a promise",
    "import": "批量交账 Take claims in from a table",
    "export": "导出 The journal in other programs' language",
    "check": "全账复核 Replay and check the whole ledger",
    "backup": "备份 The whole ledger in one file",
    "restore": "恢复 A new ledger from a backup",
    "publish": "公开 Write the public pages to a folder",
    "serve": "开网站 Run the site",
}
# The function of a command, where its name is taken in Python.
_FUNCTIONS: Final = {"open": "open_", "import": "import_", "carry-forward": "carry_forward", "close-period": "close_period"}


class LazyGroup(click.Group):
    """A group whose commands live in one file each and are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"sizhang.cli.{name}_" if keyword.iskeyword(name) else f"sizhang.cli.{name}")
        command = getattr(module, _FUNCTIONS.get(cmd_name, cmd_name))
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sizhang")
@click.option("--ledger", metavar="LEDGER", help="账本 The ledger of the command: a file or postgresql://")
@click.pass_context
def cli(context: click.Context, ledger: str | None) -> None:
    """四账：承诺入账，核实才销 A ledger of public promises, written off only when somebody checked them."""
    context.obj = {"ledger": ledger}


def show_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None, line: str | None = None
) -> None:
    """Show a warning in our form, in place of Python's with the place in the program, which says nothing to a user."""
    show_lines("注意 Warning", str(message))


def main() -> None:
    """Run; a fault of the input is told in both languages and ends with code 2, a warning is told beside the result."""
    warnings.showwarning = show_warning
    # Python shows a warning once a place and text: a second file of the same name would be passed over in silence.
    warnings.filterwarnings("always", category=UserWarning, module=r"sizhang\.")
    as_json = wants_json(sys.argv[1:])
    try:
        code = cli(standalone_mode=False)
    except SizhangError as fault:
        show_fault(fault, as_json=as_json)
        sys.exit(2)
    except click.exceptions.NoArgsIsHelpError as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except click.ClickException as fault:
        if isinstance(fault, click.UsageError) and fault.ctx is not None and not as_json:
            click.echo(fault.ctx.get_usage(), err=True)
        show_fault(usage_fault(fault), as_json=as_json)
        sys.exit(fault.exit_code)
    except click.Abort:
        click.echo("已中止 Aborted.", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
