using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>One page of the dashboard in a browser, and what went wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private static readonly Lazy<string> AxeSource =
        new(() => File.ReadAllText(Path.Combine(SweepProcess.RepositoryRoot, "client", "web", "node_modules", "axe-core", "axe.min.js")));

    private readonly IBrowserContext _context;
    private readonly Func<string> _url;
    private readonly ConcurrentQueue<string> _problems = new();

    private Visit(IBrowserContext context, IPage page, Func<string> url)
    {
        (_context, Page, _url) = (context, page, url);
        page.PageError += (_, error) => _problems.Enqueue($"error: {error}");
        page.Console += (_, message) =>
        {
            // A refused request is said here too; tests that mean it look for what the page says.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _problems.Enqueue($"{message.Type}: {message.Text}");
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_url(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                _problems.Enqueue($"asked another host: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <param name="context">The visitor.</param>
    /// <param name="url">What every address begins with.</param>
    public static async Task<Visit> BeginAsync(IBrowserContext context, Func<string> url) => new(context, await context.NewPageAsync(), url);

    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(_url().TrimEnd('/') + path);
        await Assertions.Expect(Page.Locator("main h1, main form")).Not.ToHaveCountAsync(0);
    }

    /// <summary>Opens a page of a guarded server, to which the visitor isn't logged in.</summary>
    public async Task LogInAsync(string token, string path)
    {
        await OpenAsync(path);
        await Page.GetByLabel("Token").FillAsync(token);
        await Button("Log in").ClickAsync();
        await Assertions.Expect(Page.Locator("main h1[tabindex]")).ToHaveCountAsync(1);
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });

    /// <summary>A part of the page that answers one of the questions at the top.</summary>
    public ILocator Glance(string part) => Page.Locator($".glance-part.{part}");

    public Task<bool> OverflowsAsync() => Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > window.innerWidth");

    /// <summary>Rules of WCAG 2.2 to level AA and axe-core's own good practice that the page breaks.</summary>
    public async Task<IReadOnlyList<string>> AxeAsync()
    {
        JsonElement? found = await Page.EvaluateAsync(
            $$"""
            async () => {
              {{AxeSource.Value}};
              const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
              return result.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.html.slice(0, 160)} (${n.failureSummary})`).join('; ')}`);
            }
            """);
        return [.. found!.Value.EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>No error, no breach of the page's policy, no request to another host.</summary>
    public void AssertClean() => Assert.Empty(_problems);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
