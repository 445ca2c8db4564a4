"""Every GraphQL document that this adapter sends; a test validates each against Dagster's schema."""

PYTHON_ERROR = "... on PythonError { message }"

#: What the mapping reads of a run. ``runConfig`` is the stored object; ``runConfigYaml`` is dumped anew each time.
RUN_FIELDS = """
  runId jobName status creationTime startTime endTime updateTime parentRunId runConfig
  tags { key value }
  repositoryOrigin { repositoryLocationName repositoryName }
"""

VERSION = "query Version { version }"

PROBE = f"""query Probe {{
  version
  permissions {{ permission value }}
  instance {{ daemonHealth {{ allDaemonStatuses {{ daemonType required healthy }} }} }}
  workspaceOrError {{
    __typename
    ... on Workspace {{
      locationEntries {{
        name
        locationOrLoadError {{ __typename ... on PythonError {{ message causes {{ message }} }} }}
      }}
    }}
    {PYTHON_ERROR}
  }}
}}"""

REPOSITORIES = f"""query Repositories {{
  repositoriesOrError {{
    __typename
    ... on RepositoryConnection {{ nodes {{ name location {{ name }} }} }}
    ... on RepositoryNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

#: Schedules and sensors are asked of the repository, where Dagster loads their states in one batch, not of each job.
INSTIGATORS = """
  schedules {
    name pipelineName cronSchedule executionTimezone
    scheduleState { id status }
    futureTicks(limit: 1) { results { timestamp } }
  }
  sensors { name sensorType targets { pipelineName } sensorState { id status } }
"""

REPOSITORY = f"""query Repository($repository: RepositorySelector!) {{
  repositoryOrError(repositorySelector: $repository) {{
    __typename
    ... on Repository {{
      name
      location {{ name }}
      jobs {{
        name description isAssetJob pipelineSnapshotId
        tags {{ key value }}
        owners {{ __typename ... on UserDefinitionOwner {{ email }} ... on TeamDefinitionOwner {{ team }} }}
      }}
      {INSTIGATORS}
    }}
    ... on RepositoryNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

JOB_INSTIGATORS = f"""query JobInstigators($repository: RepositorySelector!) {{
  repositoryOrError(repositorySelector: $repository) {{
    __typename
    ... on Repository {{ name location {{ name }} jobs {{ name }} {INSTIGATORS} }}
    ... on RepositoryNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

STRUCTURE = f"""query Structure($job: PipelineSelector!) {{
  pipelineOrError(params: $job) {{
    __typename
    ... on Pipeline {{
      isAssetJob
      solidHandles {{
        handleID
        parent {{ handleID }}
        solid {{
          name
          definition {{
            __typename
            ... on CompositeSolidDefinition {{
              inputMappings {{ definition {{ name }} mappedInput {{ solid {{ name }} definition {{ name }} }} }}
              outputMappings {{ definition {{ name }} mappedOutput {{ solid {{ name }} definition {{ name }} }} }}
            }}
          }}
          inputs {{ definition {{ name }} dependsOn {{ solid {{ name }} definition {{ name }} }} }}
        }}
      }}
    }}
    ... on PipelineNotFoundError {{ message }}
    ... on InvalidSubsetError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

ASSET_GROUPS = """query AssetGroups($job: PipelineSelector!) {
  assetNodes(pipeline: $job) { groupName opNames }
}"""

RUNS = f"""query Runs($filter: RunsFilter, $cursor: String, $limit: Int) {{
  runsOrError(filter: $filter, cursor: $cursor, limit: $limit) {{
    __typename
    ... on Runs {{ results {{ {RUN_FIELDS} }} }}
    ... on InvalidPipelineRunsFilterError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

RUN = f"""query Run($run: ID!) {{
  runOrError(runId: $run) {{
    __typename
    ... on Run {{ {RUN_FIELDS} }}
    ... on RunNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

RUN_EXISTS = f"""query RunExists($run: ID!) {{
  runOrError(runId: $run) {{
    __typename
    ... on Run {{ runId }}
    ... on RunNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

STEPS = f"""query Steps($run: ID!) {{
  runOrError(runId: $run) {{
    __typename
    ... on Run {{
      runId status stepKeysToExecute
      stepStats {{ stepKey status startTime endTime attempts {{ startTime endTime }} }}
      executionPlan {{ steps {{ key inputs {{ dependsOn {{ key }} }} }} }}
    }}
    ... on RunNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

EVENTS = f"""query Events($run: ID!, $cursor: String, $limit: Int) {{
  logsForRun(runId: $run, afterCursor: $cursor, limit: $limit) {{
    __typename
    ... on EventConnection {{
      cursor hasMore
      events {{
        __typename
        ... on MessageEvent {{ message timestamp level stepKey eventType }}
        ... on ErrorEvent {{ error {{ message stack causes {{ message stack }} }} }}
        ... on LogsCapturedEvent {{ fileKey stepKeys }}
      }}
    }}
    ... on RunNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

CAPTURED = """query Captured($key: [String!]!, $cursor: String) {
  capturedLogs(logKey: $key, cursor: $cursor) { stdout stderr cursor }
}"""

PARTITION_KEYS = f"""query PartitionKeys($job: PipelineSelector!) {{
  pipelineOrError(params: $job) {{
    __typename
    ... on Pipeline {{ partitionKeysOrError {{ partitionKeys }} }}
    ... on PipelineNotFoundError {{ message }}
    ... on InvalidSubsetError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

PARTITION = f"""query Partition($job: PipelineSelector!, $partition: String!) {{
  pipelineOrError(params: $job) {{
    __typename
    ... on Pipeline {{
      partition(partitionName: $partition) {{
        tagsOrError {{ __typename ... on PartitionTags {{ results {{ key value }} }} {PYTHON_ERROR} }}
        runConfigOrError {{ __typename ... on PartitionRunConfig {{ yaml }} {PYTHON_ERROR} }}
      }}
    }}
    ... on PipelineNotFoundError {{ message }}
    ... on InvalidSubsetError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

_LAUNCHED = f"""
    __typename
    ... on LaunchRunSuccess {{ run {{ {RUN_FIELDS} }} }}
    ... on RunConfigValidationInvalid {{ errors {{ message }} }}
    ... on Error {{ message }}
"""

LAUNCH = f"""mutation Launch($params: ExecutionParams!) {{
  launchRun(executionParams: $params) {{ {_LAUNCHED} }}
}}"""

REEXECUTE = f"""mutation Reexecute($params: ReexecutionParams!) {{
  launchRunReexecution(reexecutionParams: $params) {{ {_LAUNCHED} }}
}}"""

TERMINATE = """mutation Terminate($run: String!, $policy: TerminateRunPolicy!) {
  terminateRun(runId: $run, terminatePolicy: $policy) {
    __typename
    ... on TerminateRunSuccess { run { runId status } }
    ... on TerminateRunFailure { message }
    ... on Error { message }
  }
}"""

START_SCHEDULE = """mutation StartSchedule($selector: ScheduleSelector!) {
  startSchedule(scheduleSelector: $selector) { __typename ... on Error { message } }
}"""

STOP_SCHEDULE = """mutation StopSchedule($id: String!) {
  stopRunningSchedule(id: $id) { __typename ... on Error { message } }
}"""

START_SENSOR = """mutation StartSensor($selector: SensorSelector!) {
  startSensor(sensorSelector: $selector) { __typename ... on Error { message } }
}"""

STOP_SENSOR = """mutation StopSensor($id: String!) {
  stopSensor(id: $id) { __typename ... on Error { message } }
}"""

#: The last write counts where the definition does not say where the asset is; Dagster loads it in one batch.
ASSETS = """query Assets {
  assetNodes {
    assetKey { path }
    groupName description kinds isMaterializable jobNames opNames
    dependencyKeys { path }
    repository { name location { name } }
    metadataEntries { ...Where }
    assetMaterializations(limit: 1) { metadataEntries { ...Where } }
    assetChecksOrError { __typename ... on AssetChecks { checks { name } } }
  }
}
fragment Where on MetadataEntry {
  __typename label
  ... on TextMetadataEntry { text }
  ... on UrlMetadataEntry { url }
  ... on PathMetadataEntry { path }
}"""

#: Assets whose writes a sensor waits for. Of the runs that a run status sensor looks at, Dagster tells nothing.
MONITORED = f"""query Monitored {{
  repositoriesOrError {{
    __typename
    ... on RepositoryConnection {{
      nodes {{
        name location {{ name }}
        sensors {{ targets {{ pipelineName }} metadata {{ assetKeys {{ path }} }} }}
      }}
    }}
    ... on RepositoryNotFoundError {{ message }}
    {PYTHON_ERROR}
  }}
}}"""

#: ``limit: 1`` without a time makes Dagster answer from its asset records, loaded in one batch for the whole page, as
#: are the last executions of checks. It shows those only that came after the asset's last write.
LATEST_WRITES = f"""query LatestWrites($cursor: String, $limit: Int) {{
  assetsOrError(cursor: $cursor, limit: $limit) {{
    __typename
    ... on AssetConnection {{
      cursor
      nodes {{
        key {{ path }}
        assetMaterializations(limit: 1) {{ timestamp }}
        definition {{
          repository {{ name location {{ name }} }}
          assetChecksOrError {{
            __typename
            ... on AssetChecks {{
              checks {{ name executionForLatestMaterialization {{ status timestamp evaluation {{ timestamp }} }} }}
            }}
          }}
        }}
      }}
    }}
    {PYTHON_ERROR}
  }}
}}"""

WRITES = f"""query Writes($assets: [AssetKeyInput!]!, $after: String!, $cursor: String, $limit: Int!) {{
  assetsOrError(assetKeys: $assets) {{
    __typename
    ... on AssetConnection {{
      nodes {{
        key {{ path }}
        assetEventHistory(
          limit: $limit, cursor: $cursor, afterTimestampMillis: $after, eventTypeSelectors: [MATERIALIZATION]
        ) {{
          cursor
          results {{
            ... on MaterializationEvent {{
              runId timestamp stepKey partition
              metadataEntries {{
                __typename label
                ... on TextMetadataEntry {{ text }}
                ... on UrlMetadataEntry {{ url }}
                ... on PathMetadataEntry {{ path }}
                ... on MarkdownMetadataEntry {{ mdStr }}
                ... on IntMetadataEntry {{ intRepr }}
                ... on FloatMetadataEntry {{ floatValue }}
                ... on BoolMetadataEntry {{ boolValue }}
                ... on JsonMetadataEntry {{ jsonString }}
                ... on TimestampMetadataEntry {{ at: timestamp }}
                ... on TableColumnLineageMetadataEntry {{
                  lineage {{ columnName columnDeps {{ assetKey {{ path }} columnName }} }}
                }}
              }}
            }}
          }}
        }}
      }}
    }}
    {PYTHON_ERROR}
  }}
}}"""


def check_executions(count: int) -> str:
    """The executions of so many checks, last planned first: ``$asset0`` and ``$check0`` say whose ``c0`` are."""
    numbers = range(count)
    given = "".join(f", $asset{n}: AssetKeyInput!, $check{n}: String!, $cursor{n}: String" for n in numbers)
    asked = "".join(
        f"""
  c{n}: assetCheckExecutions(assetKey: $asset{n}, checkName: $check{n}, limit: $limit, cursor: $cursor{n}) {{
    ...Execution
  }}"""
        for n in numbers
    )
    return f"""query CheckExecutions($limit: Int!{given}) {{{asked}
}}
fragment Execution on AssetCheckExecution {{
  id runId status timestamp stepKey partition evaluation {{ timestamp severity description success }}
}}"""
