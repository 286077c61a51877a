using Sweep.Client.Terminal;

namespace Sweep.Client.Commands;

/// <summary>Scripts that let a shell complete <c>sweep</c>'s commands, options and names: they ask the command itself, by its directive <c>suggest</c>.
/// </summary>
internal static class CompletionScript
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # sweep's completion for bash; in ~/.bashrc: eval "$(sweep setup --completion bash)"
            _sweep() {
              local IFS=$'\n' line=${COMP_LINE#*[[:space:]]} rest
              rest=${COMP_LINE:0:COMP_POINT}
              rest=${rest#*[[:space:]]}
              COMPREPLY=($(compgen -W "$(SWEEP_SKIP_BUILD=1 "$1" "[suggest:${#rest}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _sweep sweep ./sweep
            """,
        ["zsh"] = """
            # sweep's completion for zsh; in ~/.zshrc, after compinit: eval "$(sweep setup --completion zsh)"
            _sweep() {
              local line="${words[2,-1]}" rest="${words[2,CURRENT]}"
              local -a found
              found=("${(@f)$(SWEEP_SKIP_BUILD=1 "${words[1]}" "[suggest:${#rest}]" "$line" 2>/dev/null)}")
              if (( ${#found} )) && [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
            }
            compdef _sweep sweep ./sweep
            """,
        ["fish"] = """
            # sweep's completion for fish; in ~/.config/fish/config.fish: sweep setup --completion fish | source
            function __sweep_complete
                set -l tokens (commandline -opc) (commandline -ct)
                set -l rest (string join ' ' -- $tokens[2..-1])
                SWEEP_SKIP_BUILD=1 $tokens[1] "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null
            end
            complete -c sweep -a '(__sweep_complete)'
            """,
    };

    public static string Shells { get; } = string.Join('|', Scripts.Keys);

    /// <exception cref="UsageException">No script for this shell.</exception>
    public static string Of(string shell) => Scripts.GetValueOrDefault(shell)
        ?? throw new UsageException($"--completion: {Words.Clean(shell)}; allowed: {string.Join(", ", Scripts.Keys)}");

    /// <summary>Whether these are not a command but a shell's question.</summary>
    public static bool IsAsked(string[] args) => args is [['[', 's', 'u', 'g', 'g', 'e', 's', 't', ..], ..];
}
