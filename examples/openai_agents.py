"""An agent of the OpenAI Agents SDK takes a review to the inbox; the run stops before it writes, until you approve.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend. MODEL names a model, with OPENAI_API_KEY and, for another
address, OPENAI_BASE_URL; without it a stand-in does the work offline.
"""

import asyncio
import os

from agents import Agent, Runner, set_tracing_disabled
from offline import TASK, agents_model

from openai_askcv import AskCVTools
from openai_askcv.agents import agents_tools


async def main() -> None:
    set_tracing_disabled("MODEL" not in os.environ)
    tools = AskCVTools(approve="never")  # the run asks
    agent = Agent("Career keeper", tools=agents_tools(tools=tools), model=os.environ.get("MODEL") or agents_model())
    result = await Runner.run(agent, TASK)
    while result.interruptions:
        state = result.to_state()
        for asked in result.interruptions:
            print(f"{asked.name} {asked.arguments}"[:500])
            if input("[y/N] ").strip().lower() == "y":
                state.approve(asked)
            else:
                state.reject(asked)
        result = await Runner.run(agent, state)
    print(result.final_output)
    await tools.aclose()


if __name__ == "__main__":
    asyncio.run(main())
