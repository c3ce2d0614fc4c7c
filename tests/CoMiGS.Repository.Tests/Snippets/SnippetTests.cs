using System.Reflection;
using CoMiGS.Aggregation.TestKit;
using Microsoft.CodeAnalysis.CSharp;

namespace CoMiGS.Repository.Tests.Snippets;

public sealed class SnippetTests
{
    public static TheoryData<string> Pages => [.. SnippetReader.Pages];

    public static TheoryData<string, int> Runnable
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var block in SnippetReader.Pages.SelectMany(SnippetReader.Of).Where(block => block.Runs))
            {
                data.Add(block.Page, block.Line);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_in_the_documentation_compiles(string page)
    {
        var earlier = new List<Snippet>();
        foreach (var block in SnippetReader.Of(page).Where(block => !block.IsExcerpt))
        {
            if (!block.Continues)
            {
                earlier.Clear();
            }

            earlier.Add(block);
            SnippetCompiler.Errors(SnippetCompiler.Compile("Snippet", earlier)).Should().BeEmpty("the block at {0} is what a reader pastes", block);
        }
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public void Code_that_is_said_to_run_runs(string page, int line)
    {
        using var folder = new TemporaryFolder();
        var block = SnippetReader.Of(page).Single(candidate => candidate.Line == line);
        var name = $"Snippet{string.Concat(page.Where(char.IsLetter))}{line}";
        var compilation = SnippetCompiler.Compile(name, [block]);
        SnippetCompiler.Errors(compilation).Should().BeEmpty();

        // Beside this test's own assemblies, whose dependencies it borrows; what it writes goes to an empty folder.
        var program = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        compilation.Emit(program).Success.Should().BeTrue();
        CommandLine.Dotnet(
            folder.Path,
            "exec",
            "--depsfile", Path.Combine(AppContext.BaseDirectory, "CoMiGS.Repository.Tests.deps.json"),
            "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "CoMiGS.Repository.Tests.runtimeconfig.json"),
            program).Succeeded();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void An_excerpt_stands_in_the_sources_word_for_word(string page)
    {
        foreach (var block in SnippetReader.Of(page).Where(block => block.IsExcerpt))
        {
            var wanted = Dense(block.Code);
            Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Any(path => Dense(Repository.Read(path)).Contains(wanted, StringComparison.Ordinal))
                .Should().BeTrue("the excerpt at {0} is in no file of src or tests", block);
        }
    }

    [Fact]
    public void The_first_code_of_the_readme_is_short_and_runs()
    {
        var first = SnippetReader.Of("README.md")[0];

        first.Runs.Should().BeTrue("a reader tries it before reading on");
        first.Code.Split('\n').Should().HaveCountLessThanOrEqualTo(10);
    }

    [Fact]
    public void The_strategy_of_the_walk_through_is_short_and_keeps_to_what_every_strategy_keeps_to()
    {
        var blocks = SnippetReader.Of("docs/write-a-strategy.md").ToList();
        blocks.SelectMany(block => block.Code.Split('\n')).Count(line => line.Trim().Length > 0).Should().BeLessThan(80);
        using var assembly = new MemoryStream();
        SnippetCompiler.Compile("WalkThrough", blocks).Emit(assembly).Success.Should().BeTrue();

        var tests = Assembly.Load(assembly.ToArray()).GetTypes().Single(type => type.IsSubclassOf(typeof(StrategyConformance)));
        var facts = tests.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).ToList();

        facts.Should().HaveCountGreaterThan(5);
        facts.Should().AllSatisfy(fact => fact.Invoke(Activator.CreateInstance(tests), null));
    }

    [Fact]
    public void Every_package_page_shows_code_that_compiles()
    {
        SnippetReader.Pages.Where(page => page.StartsWith("src/", StringComparison.Ordinal) && !SnippetReader.Of(page).Any(block => !block.IsExcerpt))
            .Should().BeEmpty("a package's page starts with code");
    }

    [Fact]
    public void A_wrong_block_is_reported_with_its_page_and_line()
    {
        string[] page = ["Some words.", "<!-- given: int x = 1;", "int y = 2; -->", "```csharp", "using System.Text;", "var sum = x + y;", "sum.Foo();", "```"];

        var block = SnippetReader.Parse("docs/page.md", page).Should().ContainSingle().Subject;

        SnippetCompiler.Errors(SnippetCompiler.Compile("Snippet", [block])).Should().ContainSingle().Which.Should().StartWith("docs/page.md:7: CS1061");
    }

    [Fact]
    public void A_block_may_continue_the_one_before_it()
    {
        string[] page = ["```csharp", "var a = 1;", "```", "and then", "```csharp continues", "Console.WriteLine(a);", "record Pair(int A, int B);", "```"];

        var blocks = SnippetReader.Parse("docs/page.md", page).ToList();

        SnippetCompiler.Errors(SnippetCompiler.Compile("Snippet", blocks)).Should().BeEmpty();
        SnippetCompiler.Errors(SnippetCompiler.Compile("Snippet", [blocks[1]])).Should().ContainSingle().Which.Should().Contain("CS0103");
    }

    [Fact]
    public void An_unknown_mark_on_a_block_is_refused_with_the_marks_that_exist()
    {
        var parse = () => SnippetReader.Parse("docs/page.md", ["```csharp skip", "```"]).ToList();

        parse.Should().Throw<FormatException>().WithMessage("docs/page.md:1: a csharp block may be marked run, continues or excerpt, not 'skip'.");
    }

    // Lines without their indentation.
    private static string Dense(string code) => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()));
}
