# Copies the ten files of rivalFiles.ts, as a pyinfra deploy.
import json
import os

from pyinfra import host
from pyinfra.operations import files

with open(os.environ["RIVAL_FILES"], encoding="utf-8") as listed:
    wanted = json.load(listed)

for each in wanted:
    files.put(
        name=each["dest"],
        src=each["src"],
        dest=host.data.root + each["dest"],
        mode="644",
    )
