#!/usr/bin/env pwsh
# build.sh's verbs for machines where TorchSharp's packages restore: Windows, macOS, Linux on x64. Needs the .NET SDK and git.
param(
    [Parameter(Position = 0)] [string] $Verb = '',
    [Parameter(Position = 1, ValueFromRemainingArguments = $true)] [string[]] $Rest = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Show-Verbs {
    @'
Usage: ./build.ps1 VERB [ARGUMENTS]

  setup    check that TorchSharp's packages restore, and remember it; every other verb does this first
  demo     four people's devices fine-tune together on real text (--quick: one minute; --help: all options)
  federation   a coordinator and four devices as processes over HTTPS, killed in the middle, must end with the same adapters (--quick: at most three minutes; --help)
  experiments CONFIG   compare methods over data sets and seeds (examples/Experiments/configs; --data DIR; --smoke: a few steps of everything)
  test     build everything and run all tests (--quick: without the long ones; the rest goes to dotnet test)
  bench    measure everything and fill docs/benchmarks.md (--smoke: once, in small; SECTION...: only these; calls [OPTIONS]: BenchmarkDotNet)
  pack     write the NuGet packages to artifacts/packages
  clean    remove what was built and forget what setup decided
'@
}

function Stop-Build([string] $Message) {
    [Console]::Error.WriteLine("error: $Message")
    exit 1
}

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { Stop-Build "dotnet $($args[0]) ended with exit code $LASTEXITCODE." }
}

function Invoke-Setup {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Stop-Build 'There is no dotnet on this machine. Install the .NET SDK 10.0 and put it on PATH.'
    }
    & dotnet --version | Out-Null
    if ($LASTEXITCODE -ne 0) { Stop-Build 'No installed .NET SDK satisfies global.json. Install the .NET SDK 10.0.' }
    if (Test-Path torch.local.props) { return }

    Write-Host '== Restoring with TorchSharp''s packages'
    & dotnet restore CoMiGS.sln '-p:Torch=package' -v quiet
    if ($LASTEXITCODE -ne 0) {
        Stop-Build 'The package feed does not have TorchSharp. On Debian or Ubuntu use ./build.sh, which works with the distribution''s libtorch.'
    }
    Set-Content torch.local.props '<Project><PropertyGroup><Torch>package</Torch></PropertyGroup></Project>'
}

function Invoke-Demo {
    Invoke-Setup
    & dotnet run -c Release --project examples/Demo -- @Rest
    exit $LASTEXITCODE
}

function Invoke-Federation {
    Invoke-Setup
    & dotnet run -c Release --project examples/Federation -- @Rest
    exit $LASTEXITCODE
}

function Invoke-Experiments {
    $folder = 'examples/Experiments/configs'
    $configs = @(Get-ChildItem "$folder/*.json" | ForEach-Object FullName)
    $options = @($Rest)
    if ($options.Count -gt 0 -and -not $options[0].StartsWith('--')) {
        $configs = @(if (Test-Path $options[0] -PathType Leaf) { $options[0] } else { "$folder/$($options[0]).json" })
        $options = @($options | Select-Object -Skip 1)
    }
    elseif ($options -notcontains '--smoke') { Stop-Build "experiments needs a configuration. Name one in $folder or a file, or say --smoke to try them all." }
    Invoke-Setup
    foreach ($config in $configs) { Invoke-Dotnet run -c Release --project examples/Experiments -- run --config $config @options }
}

function Invoke-Tests {
    Invoke-Setup
    $arguments = @($Rest | Where-Object { $_ -ne '--quick' })
    if ($Rest -contains '--quick') { $arguments += @('--filter', 'Category!=Long') }
    Invoke-Dotnet build CoMiGS.sln -c Release -v quiet

    $results = 'artifacts/test-results'
    if (Test-Path $results) { Remove-Item $results -Recurse -Force }
    New-Item $results -ItemType Directory | Out-Null
    $passed = 0; $failed = 0; $skipped = 0
    foreach ($project in Get-ChildItem tests/*/*.Tests.csproj) {
        $name = $project.BaseName
        Write-Host "== Testing $name"
        & dotnet test $project.FullName -c Release --no-build --nologo -v quiet --results-directory $results --logger "trx;LogFileName=$name.trx" @arguments
        $code = $LASTEXITCODE
        $executed = 0; $bad = 0
        if (Test-Path "$results/$name.trx") {
            $counters = ([xml](Get-Content "$results/$name.trx" -Raw)).TestRun.ResultSummary.Counters
            $executed = [int]$counters.executed
            $bad = [int]$counters.failed + [int]$counters.error + [int]$counters.timeout + [int]$counters.aborted
            $passed += [int]$counters.passed
            $skipped += [int]$counters.total - $executed
        }
        if ($bad -eq 0 -and ($code -ne 0 -or $executed -eq 0)) {
            Write-Host "${name}: executed $executed tests and ended with exit code $code; counted as one failure."
            $bad = 1
        }
        $failed += $bad
    }
    Write-Host "$passed passed, $failed failed, $skipped skipped"
    exit [int]($failed -gt 0 -or $passed -eq 0)
}

function Invoke-Bench {
    Invoke-Setup
    if ($Rest.Count -gt 0 -and $Rest[0] -eq 'calls') { Invoke-Dotnet run -c Release --project bench/CoMiGS.Benchmarks -- @($Rest | Select-Object -Skip 1) }
    else { Invoke-Dotnet run -c Release --project bench/CoMiGS.Bench -- @Rest }
}

function Invoke-Pack {
    Invoke-Setup
    Remove-Item artifacts/packages/*nupkg -ErrorAction SilentlyContinue
    foreach ($project in Get-ChildItem src/*/*.csproj) {
        if ($project.BaseName -eq 'CoMiGS.LibTorch') { continue }
        Invoke-Dotnet pack $project.FullName -c Release -v quiet '-p:ContinuousIntegrationBuild=true'
    }
    Get-ChildItem artifacts/packages -Name
}

function Invoke-Clean {
    Get-ChildItem src, tests, examples, bench -Recurse -Directory -Include bin, obj | Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
    Get-ChildItem artifacts -Exclude packages | Remove-Item -Recurse -Force
    Remove-Item artifacts/packages/*nupkg, torch.local.props -ErrorAction SilentlyContinue
}

switch ($Verb) {
    '' { Show-Verbs }
    'setup' { Invoke-Setup }
    'demo' { Invoke-Demo }
    'federation' { Invoke-Federation }
    'experiments' { Invoke-Experiments }
    'test' { Invoke-Tests }
    'bench' { Invoke-Bench }
    'pack' { Invoke-Pack }
    'clean' { Invoke-Clean }
    default {
        [Console]::Error.WriteLine("There is no verb '$Verb'.")
        Show-Verbs
        exit 2
    }
}
