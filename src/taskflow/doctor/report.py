"""The report: every finding in a line, and what to do."""

import asyncio
import platform
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from taskflow import __version__
from taskflow.configuration import shown
from taskflow.doctor.finding import Finding
from taskflow.doctor.machine import data_folder, port, public_address, web_app
from taskflow.doctor.stores import postgresql, redis
from taskflow.foundation.settings import OPTIONS, Settings, load, read


def examine(environ: Mapping[str, str], folder: Path) -> int:
    """Print all findings; 0 where all is well, else 1. Raises BadSetting."""
    settings = load(environ, folder)
    print(f"TaskFlow {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for name, given in read(environ, folder).items():
        print(f"       {name} is {shown(OPTIONS[name], given)}")
    wrong = asyncio.run(tell(settings))
    print("All is well." if not wrong else f"Wrong: {wrong}.")
    return min(wrong, 1)


async def tell(settings: Settings) -> int:
    """Print one finding after the other; how many are wrong."""
    wrong = 0
    async for finding in findings(settings):
        print(f"{'ok   ' if finding.well else 'wrong'}  {finding.about}: {finding.says}")
        if not finding.well:
            wrong += 1
            print(f"       -> {finding.remedy}")
    return wrong


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    yield data_folder(settings.data_dir)
    yield await postgresql(settings)
    yield await redis(settings)
    yield await asyncio.to_thread(port, settings)
    yield public_address(settings)
    yield web_app()
