using Sweep.Client.Dashboard.Access;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

public sealed class SessionCookieTests
{
    private static readonly byte[] Key = SessionCookie.NewKey();

    private readonly ManualClock _clock = new();

    [Fact]
    public void Read_WhenAnotherServerIssuedIt_RefusesIt()
    {
        string cookie = new SessionCookie(Key, 1, _clock).Issue(Role.Operator).Value;
        Assert.Equal(Role.Operator, new SessionCookie(Key, 1, _clock).Read(cookie)!.Value.Role);
        Assert.Null(new SessionCookie(SessionCookie.NewKey(), 1, _clock).Read(cookie));
    }

    [Fact]
    public void Read_WhenAnyCharacterIsChanged_RefusesIt()
    {
        var cookies = new SessionCookie(Key, 1, _clock);
        string cookie = cookies.Issue(Role.Reader).Value;
        for (int i = 0; i < cookie.Length; i++)
        {
            // The last character holds bits that aren't the signature's.
            char other = cookie[i] == 'A' ? 'q' : 'A';
            string changed = cookie[..i] + other + cookie[(i + 1)..];
            Assert.Null(cookies.Read(changed));
        }

        foreach (string? bad in new[] { null, "", "x", new string('A', 5000), cookie[..^4], cookie + "AAAA", "%%%" })
            Assert.Null(cookies.Read(bad));
    }

    [Fact]
    public void Read_WhenItsTimeIsOver_RefusesIt()
    {
        var cookies = new SessionCookie(Key, 1, _clock);
        string cookie = cookies.Issue(Role.Reader).Value, shorter = cookies.Issue(Role.Reader, _clock.GetUtcNow().AddHours(1)).Value;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(cookies.Read(shorter));
        Assert.NotNull(cookies.Read(cookie));
        _clock.Advance(SessionCookie.Lifetime - TimeSpan.FromHours(1));
        Assert.Null(cookies.Read(cookie));
    }

    [Fact]
    public void Csrf_OfTwoSessions_Differs()
    {
        var cookies = new SessionCookie(Key, 1, _clock);
        string first = cookies.Issue(Role.Operator).Value, second = cookies.Issue(Role.Operator).Value;
        Assert.NotEqual(cookies.Read(first)!.Value.Csrf, cookies.Read(second)!.Value.Csrf);
        Assert.Equal(cookies.Read(first)!.Value.Csrf, cookies.Read(first)!.Value.Csrf);
        cookies.LogOut(first);
        Assert.Null(cookies.Read(first));
        Assert.NotNull(cookies.Read(second));
    }

    [Fact]
    public void RoleOf_WhateverTheToken_IsThatOfTheOneItIs()
    {
        var secrets = new Secrets(TestDashboard.Token, null);
        Assert.Equal(Role.Operator, secrets.RoleOf(TestDashboard.Token));
        foreach (string wrong in new[] { "", " ", TestDashboard.Token[..^1], TestDashboard.Token + "x", TestDashboard.Token.ToUpperInvariant() })
            Assert.Equal(Role.None, secrets.RoleOf(wrong));

        // No token is not the empty token.
        Assert.Equal(Role.None, new Secrets(null, null).RoleOf(""));
    }
}
